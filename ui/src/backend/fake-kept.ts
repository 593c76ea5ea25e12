/** The verbs of what is kept: of a chat, on this computer, and the keys to it; in memory. */
import type { AccountId, ChatInfo, PartKind, Parts, RoomId, Storage } from './backend';
import { FakeConversations } from './fake-conversations';
import { failure } from './fake-parts';

/** What a small account takes. */
const SMALL: Storage = {
  messages: 96_000_000,
  search: 18_000_000,
  free: 0,
  log: 0,
  aside: 0,
  media: 820_000_000,
  keys: 4_200_000,
  keptDays: null,
};

export class FakeKept extends FakeConversations {
  protected taken: Storage | null = null;

  async chatInfo(account: AccountId, room: RoomId): Promise<ChatInfo> {
    this.log('chatInfo', account, room);
    await this.answer();
    const { name, avatar, direct, encrypted, members, reach } = this.conversation(room).header;
    return {
      room,
      name,
      avatar,
      direct,
      encrypted,
      topic: '',
      people: [{ person: this.me(), role: 'member', me: true }],
      members,
      starred: 0,
      pinned: 0,
      media: 0,
      files: 0,
      links: 0,
      kept: reach,
      ...this.options.info?.(room),
    };
  }

  async chatParts(account: AccountId, room: RoomId, kind: PartKind, cursor: string | null): Promise<Parts> {
    this.log('chatParts', account, room, kind, cursor);
    await this.answer();
    const parts = this.options.parts?.(room, kind, cursor) ?? { items: [], next: null };
    if (typeof parts === 'string') throw failure(parts);
    return parts;
  }

  async storage(account: AccountId): Promise<Storage> {
    this.log('storage', account);
    await this.wait();
    return this.stored();
  }

  async removeSetAside(account: AccountId): Promise<void> {
    this.log('removeSetAside', account);
    await this.wait();
    this.taken = { ...this.stored(), aside: 0 };
  }

  async setRetention(account: AccountId, days: number | null): Promise<void> {
    this.log('setRetention', account, days);
    await this.wait();
    const now = this.stored();
    const less = days === null ? 1 : 0.5;
    this.taken = { ...now, messages: now.messages * less, keptDays: days };
  }

  async setUpRecovery(account: AccountId): Promise<string> {
    this.log('setUpRecovery', account);
    await this.wait();
    const { keys } = this.options;
    if (keys?.unknown) throw failure('inUse');
    this.recoveryIsOn();
    return keys?.recovery ?? 'EsTa aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj kkkk';
  }

  async recover(account: AccountId, key: string): Promise<void> {
    this.log('recover', account, key);
    await this.wait();
    const { keys } = this.options;
    if (!keys) throw failure('gone');
    if (key.replaceAll(' ', '') !== keys.recovery.replaceAll(' ', '')) throw failure('wrongKey');
    this.recoveryIsOn();
  }

  private recoveryIsOn(): void {
    const { screen } = this.state;
    if (screen.kind === 'chats')
      this.setState({ screen: { ...screen, account: { ...screen.account, recovery: 'on' } } });
  }

  async exportKeys(account: AccountId, passphrase: string): Promise<string> {
    this.log('exportKeys', account, passphrase);
    await this.wait();
    return 'tidings-keys.txt';
  }

  async importKeys(account: AccountId, file: number[], passphrase: string): Promise<number> {
    this.log('importKeys', account, file, passphrase);
    await this.wait();
    const { keys } = this.options;
    if (keys && passphrase !== keys.passphrase) throw failure('wrongKey');
    return keys?.found ?? 0;
  }

  private stored(): Storage {
    return this.taken ?? this.options.storage ?? SMALL;
  }
}
