/** The words that the lessons are made of. All texts are ours; nothing is taken from anybody's code. */

const list = (text: string): string[] => text.trim().split(/\s+/);

export const VERBS =
  list(`get set load save make build parse send read find sort check init open close merge split count
push pull fetch create update delete remove add format render handle validate convert compute start stop reset clear copy
move print write filter select insert append replace search resolve apply toggle show hide enable disable register dispatch
encode decode compare measure schedule cancel flush sync draw store pick wrap drop join trim clamp`);

export const NOUNS =
  list(`user order item file path name token cache config option limit page index key value node tree list
table row column cell field form input output button label title text message event error warning result request response
query route server client socket stream buffer queue stack pool task job worker thread process timer clock date time day week
month year hour minute second delay timeout retry rate total sum price cost amount balance payment account profile role group
team member session login password email address phone city country region map point line shape color skin style font icon
image photo video audio track album note tag comment post article book author reader chapter story draft version branch commit
change patch review test report log trace metric chart graph plot score rank level badge game player board turn round match
season ticket seat cart product stock shop brand category coupon discount tax fee plan trial credit bank card weather sensor
device signal channel packet header body footer menu panel window dialog tab view screen layout grid canvas layer mask shadow
border margin width height depth size length weight volume speed angle scale shift range step state status mode flag filter
lock link hash url port host domain folder archive backup`);

export const SUFFIXES = list('max min size limit port ttl count rate delay timeout depth name mode url');
export const PREFIXES = list('max min default base api');

export const FOLDERS = list(`src lib app src/utils src/core src/api app/models lib/helpers src/ui tools server client
packages/core src/store test`);
export const EXTENSIONS = list('ts ts ts js js tsx mjs');

export const PARAMS =
  list(`a b x y n id key item list name value user data opts text index order file path items count input
options event`);
export const TYPES = list('string number boolean User Order Item string[] number[] Options Date');
export const RESULTS = list('result data user item value order');
export const ADJECTIVES = list('new old main empty open valid last first active hidden current default');

/** Cue words: any of them in a note means its tag. */
export const TAGS: Record<string, string[]> = {
  bug: list('crash broken bug exception regression freezes wrong fails glitch stacktrace hangs typo'),
  docs: list('readme guide changelog tutorial docs wiki manual docstring glossary walkthrough handbook faq'),
  perf: list('slow latency memory cpu faster benchmark profiling lag throughput bottleneck bloated speedup'),
  test: list('coverage flaky fixture mock assertion snapshot e2e unittest testcase harness vitest spec'),
  ui: list('tooltip dropdown sidebar navbar animation css stylesheet darkmode checkbox slider popup toolbar'),
  auth: list('oauth permission signup signin cookie jwt 2fa captcha passkey sso firewall credentials'),
  data: list('schema migration database sql postgres csv dataset warehouse sqlite json rows etl'),
  money: list('billing refund salary budget accountant receipt payroll subscription bookkeeping rent vat expenses'),
};

/** Time cues: a note without one is for `next`. */
export const HORIZONS: Record<string, string[]> = {
  now: ['today', 'right now', 'asap', 'immediately', 'urgent', 'this morning', 'before lunch', 'tonight', 'at once'],
  next: ['tomorrow', 'this week', 'next sprint', 'soon', 'next week', 'on friday', 'on monday', 'in a few days'],
  later: ['next month', 'after the release', 'later on', 'next quarter', 'not yet', 'in autumn', 'next year'],
  someday: ['someday', 'one day', 'eventually', 'no rush', 'wish list', 'some time', 'maybe never'],
};
