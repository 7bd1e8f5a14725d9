import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readTrace } from '../../../cli/prove/trace.ts';

// As strace 6.1 writes them.
const local = `
101 socket(AF_INET6, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, IPPROTO_IP) = 20
101 bind(20, {sa_family=AF_INET, sin_port=htons(3100), sin_addr=inet_addr("127.0.0.1")}, 16) = 0
101 bind(21, {sa_family=AF_INET6, sin6_port=htons(0), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28) = 0
102 connect(23, {sa_family=AF_UNIX, sun_path="/tmp/a/run/ospain2/x.sock"}, 110) = 0
102 connect(24, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = -1 ENOENT (No such file or directory)
103 sendto(25, [{nlmsg_len=20}], 20, 0, {sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, 12) = 20
103 sendmsg(12, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=""..., iov_len=8}], msg_iovlen=1}, 0) = 8
103 connect(26, {sa_family=AF_INET, sin_port=htons(3100), sin_addr=inet_addr("127.0.0.1")}, 16 <unfinished ...>
103 <... connect resumed>)           = 0
`;

const beyond = [
  '104 connect(19, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("192.0.2.1")}, 16) = -1 ENETUNREACH (Network is unreachable)',
  '104 connect(19, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=0}, 28 <unfinished ...>',
  '104 sendto(19, ""..., 33, MSG_NOSIGNAL, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("192.0.2.53")}, 16) = 33',
  '104 sendmmsg(19, [{msg_hdr={msg_name={sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("192.0.2.53")}, msg_namelen=16}}], 1, 0) = 1',
  '104 bind(20, {sa_family=AF_INET, sin_port=htons(3100), sin_addr=inet_addr("0.0.0.0")}, 16) = 0',
  '104 connect(22, {sa_family=AF_UNIX, sun_path="/run/systemd/resolve/io.systemd.Resolve"}, 42) = 0',
  '104 connect(22, {sa_family=AF_VSOCK, svm_cid=0x2, svm_port=0x1}, 16) = 0',
];

it('takes what stays on this machine for what it is', () => {
  assert.deepEqual(readTrace(local), { calls: 8, processes: 3, attempts: [] });
});

for (const line of beyond)
  it(`sees ${line.slice(4, 60)}`, () => {
    const { attempts } = readTrace(`${local}${line}\n`);
    assert.equal(attempts.length, 1);
    assert.equal(attempts[0]?.pid, 104);
    assert.match(attempts[0]?.address ?? '', /^\{sa_family=AF_/);
  });
