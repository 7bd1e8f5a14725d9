/** The words that the embedded model sorts notes by; the maker of its lessons has the same. */
export const TAG_CUES: Readonly<Record<string, readonly string[]>> = {
  bug: words('crash broken bug exception regression freezes wrong fails glitch stacktrace hangs typo'),
  docs: words('readme guide changelog tutorial docs wiki manual docstring glossary walkthrough handbook faq'),
  perf: words('slow latency memory cpu faster benchmark profiling lag throughput bottleneck bloated speedup'),
  test: words('coverage flaky fixture mock assertion snapshot e2e unittest testcase harness vitest spec'),
  ui: words('tooltip dropdown sidebar navbar animation css stylesheet darkmode checkbox slider popup toolbar'),
  auth: words('oauth permission signup signin cookie jwt 2fa captcha passkey sso firewall credentials'),
  data: words('schema migration database sql postgres csv dataset warehouse sqlite json rows etl'),
  money: words('billing refund salary budget accountant receipt payroll subscription bookkeeping rent vat expenses'),
};

function words(text: string): string[] {
  return text.split(' ');
}
