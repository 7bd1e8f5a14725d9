-- Run by neovim.test.ts inside Neovim: what a person does with the code actions of `ospain2 lsp`, as Neovim itself does them.
local command = vim.json.decode(vim.env.OSPAIN2_LSP)
local seen = { titles = {}, messages = {}, progress = {} }

vim.lsp.handlers['window/showMessageRequest'] = function(_, request)
  table.insert(seen.messages, request.message)
  for _, action in ipairs(request.actions or {}) do
    if action.title == 'Accept' then return action end
  end
  return vim.NIL
end
vim.lsp.handlers['window/showMessage'] = function(_, shown)
  table.insert(seen.messages, shown.message)
end
local onProgress = vim.lsp.handlers['$/progress']
vim.lsp.handlers['$/progress'] = function(error, report, ...)
  table.insert(seen.progress, report.value.kind)
  return onProgress(error, report, ...)
end

-- The list that Neovim shows: takes the entry whose title begins so.
local function choose(title)
  vim.ui.select = function(items, _, answer)
    for _, item in ipairs(items) do
      table.insert(seen.titles, item[2].title)
      if vim.startswith(item[2].title, title) then return answer(item) end
    end
    answer(nil)
  end
end

local function lines() return vim.api.nvim_buf_get_lines(0, 0, -1, false) end
local function wait(what, is) assert(vim.wait(60000, is, 50), 'Neovim waited in vain: ' .. what .. ' ' .. vim.inspect(seen)) end

local function go()
  vim.cmd('edit src/page.ts')
  local client = vim.lsp.start_client({ name = 'ospain2', cmd = command, root_dir = vim.fn.getcwd() })
  vim.lsp.buf_attach_client(0, client)
  wait('the server', function() return vim.lsp.get_client_by_id(client).initialized end)

  local problem = { lnum = 0, col = 9, end_lnum = 0, end_col = 19, severity = 1, source = 'ts', message = vim.env.OSPAIN2_PROBLEM }
  vim.diagnostic.set(vim.api.nvim_create_namespace('ts'), 0, { problem })
  vim.api.nvim_win_set_cursor(0, { 1, 12 })
  vim.cmd('split src/orders.ts')
  vim.lsp.buf_attach_client(0, client)
  vim.cmd('wincmd p')
  choose('OSPAiN2: Fix this problem')
  vim.lsp.buf.code_action()
  vim.cmd('wincmd p')
  wait('the accepted file', function()
    vim.cmd('checktime')
    return vim.startswith(lines()[1], 'export function totalPrise')
  end)
  seen.orders = lines()

  vim.api.nvim_win_set_cursor(0, { 2, 4 })
  choose('OSPAiN2: Explain totalPrise')
  vim.lsp.buf.code_action()
  wait('the explanation', function() return #seen.messages == 2 end)
  local hovers = vim.lsp.buf_request_sync(0, 'textDocument/hover', vim.lsp.util.make_position_params(), 5000)
  seen.hover = hovers[client].result.contents.value

  vim.lsp.stop_client(client)
  wait('the end of the server', function() return vim.lsp.client_is_stopped(client) end)
end

local ok, problem = xpcall(go, debug.traceback)
seen.problem = not ok and problem or nil
vim.fn.writefile({ vim.json.encode(seen) }, vim.env.OSPAIN2_SEEN)
vim.cmd('qall!')
