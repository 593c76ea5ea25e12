/** A verb that a form asks for: whether it runs, and in which words it was refused. */
import { failureOf, type Code } from '../../backend';
import { failureWords } from '../failure';

/** What happened, then what is safe and what to do. */
export interface Trouble {
  readonly lead: string;
  readonly rest: string;
}

export class Attempt {
  busy = $state(false);
  trouble = $state.raw<Trouble | null>(null);

  /** `own` has the words of failures that mean something else here than elsewhere. */
  constructor(
    private readonly organisation: () => string,
    private readonly own: (code: Code) => Trouble | null = () => null,
  ) {}

  /** Run it, once at a time. Returns whether it was done. */
  async run(verb: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.trouble = null;
    try {
      await verb();
      return true;
    } catch (error) {
      const { code } = failureOf(error);
      this.trouble = this.own(code) ?? failureWords(code, this.organisation());
      return false;
    } finally {
      this.busy = false;
    }
  }
}
