/**
 * The engine in memory, for the gallery and for tests: every verb does what the real one does to what is on screen, and
 * nothing leaves the page. Deterministic: the same calls give the same ids, and time stands where it is told to.
 */
import type {
  AccountId,
  AppUpdate,
  Attention,
  Backend,
  ChatListUpdate,
  Mark,
  MediaRef,
  Organisation,
  RebuildUpdate,
  SearchRequest,
  SearchResults,
  SignIn,
  Theme,
} from './backend';
import { FakeKept } from './fake-kept';
import { failure, NOTHING } from './fake-parts';

export { failure } from './fake-parts';
export type { FakeConversation, FakeOptions } from './fake-parts';

export class FakeBackend extends FakeKept implements Backend {
  firstPaint(): { app: AppUpdate; chats: ChatListUpdate } | null {
    if (!this.options.firstPaint || !this.rows) return null;
    return { app: { kind: 'reset', state: this.state }, chats: { kind: 'reset', rows: this.rows } };
  }

  async subscribeApp(sink: (update: AppUpdate) => void): Promise<void> {
    this.app = [sink];
    await this.answer();
    sink({ kind: 'reset', state: this.state });
  }

  async subscribeChats(account: AccountId, sink: (update: ChatListUpdate) => void): Promise<void> {
    this.log('subscribeChats', account);
    this.chats = [sink];
    await this.answer();
    if (this.rows) sink({ kind: 'reset', rows: this.rows });
  }

  async discover(address: string): Promise<Organisation> {
    this.log('discover', address);
    await this.wait();
    const known = this.options.organisations?.[address];
    if (typeof known === 'string') throw failure(known);
    if (known) return known;
    if (this.options.organisations) throw failure('unknownServer');
    return { name: address, homeserver: `https://${address}`, password: true };
  }

  async signIn(signIn: SignIn): Promise<void> {
    this.log('signIn', signIn);
    await this.wait();
    this.check(signIn.password);
    if (this.options.home) this.setState({ screen: this.options.home });
  }

  async signOut(account: AccountId): Promise<void> {
    this.log('signOut', account);
    await this.wait();
    this.setState({ screen: { kind: 'signIn' } });
  }

  async unlock(account: AccountId, signIn: SignIn | null): Promise<void> {
    this.log('unlock', account, signIn);
    await this.wait();
    if (!signIn) {
      const { screen } = this.state;
      throw failure(screen.kind === 'locked' ? screen.reason : 'keyringLocked');
    }
    this.check(signIn.password);
    if (this.options.home) this.setState({ screen: this.options.home });
  }

  async repair(account: AccountId, signIn: SignIn | null): Promise<void> {
    this.log('repair', account, signIn);
    await this.wait();
    if (!signIn) throw failure('signInNeeded');
    this.check(signIn.password);
    if (this.options.home) this.setState({ screen: this.options.home });
  }

  async careRead(account: AccountId): Promise<void> {
    this.log('careRead', account);
    await this.wait();
    const { screen } = this.state;
    if (screen.kind === 'chats') this.setState({ screen: { ...screen, account: { ...screen.account, care: null } } });
  }

  async signInAgain(account: AccountId, password: string): Promise<void> {
    this.log('signInAgain', account, password);
    await this.wait();
    this.check(password);
    this.setState({ connection: { kind: 'online' } });
  }

  async search(account: AccountId, request: SearchRequest): Promise<SearchResults> {
    this.log('search', account, request);
    await this.answer();
    const found = this.options.search?.(request) ?? NOTHING;
    if (typeof found === 'string') throw failure(found);
    return found;
  }

  async rebuildSearch(account: AccountId, sink: (update: RebuildUpdate) => void): Promise<void> {
    this.log('rebuildSearch', account);
    await this.answer();
    const updates = this.options.rebuild ?? [{ kind: 'done', messages: 0, mended: 0, sound: true }];
    for (const update of updates) {
      sink(update);
      await this.wait();
    }
  }

  setAttention(attention: Attention): Promise<void> {
    this.log('setAttention', attention);
    return Promise.resolve();
  }

  openLink(href: string): Promise<void> {
    this.log('openLink', href);
    return Promise.resolve();
  }

  async saveFile(account: AccountId, media: MediaRef): Promise<string> {
    this.log('saveFile', account, media);
    await this.wait();
    return media;
  }

  setListWidth(width: number): Promise<void> {
    this.log('setListWidth', width);
    this.setState({ listWidth: width });
    return Promise.resolve();
  }

  setTheme(theme: Theme): Promise<void> {
    this.log('setTheme', theme);
    this.setState({ theme });
    return Promise.resolve();
  }

  async tryNow(): Promise<void> {
    this.log('tryNow');
    await this.wait();
  }

  playedMedia(account: AccountId, media: MediaRef): Promise<ArrayBuffer> {
    this.log('playedMedia', account, media);
    return Promise.resolve(new ArrayBuffer(8));
  }

  mediaUrl(_account: AccountId, media: MediaRef): string {
    return this.options.pictures?.[media] ?? '';
  }

  timing(mark: Mark, detail?: string): void {
    this.marks.push({ mark, detail });
  }

  private check(password: string): void {
    if (this.options.password !== undefined && password !== this.options.password) throw failure('wrongPassword');
  }
}
