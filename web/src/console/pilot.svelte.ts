/** The robot that goes on by itself: let go, and what it did told once it stops. */
import type { View } from '../api/types';
import { type Open, app } from './app.svelte';

export class Pilot {
  /** What it did, until somebody moves on. */
  said = $state('');
  #since: number | null = null;
  #at = 0;

  constructor(readonly open: Open) {}

  /** Let it go on as far as it can. */
  async engage(view: View): Promise<void> {
    this.said = '';
    this.#since = passed(view);
    if ((await this.open.send({ type: 'autopilot' })) !== 'done') {
      this.#since = null;
    }
  }

  /** Follow what is shown: once the robot has stopped, say how far it went. */
  watch(view: View): void {
    if (this.#since === null) {
      if (view.version !== this.#at) this.said = '';
      return;
    }
    if (view.pilot !== null || this.open.state.queue.some((one) => one.command.type === 'autopilot')) {
      return;
    }
    const steps = Math.max(0, passed(view) - this.#since);
    this.#since = null;
    this.#at = view.version;
    if (view.status !== 'ended' && view.status !== 'failed') {
      this.said = steps === 0 ? app.t('pilot.stays') : app.t('pilot.moved', { n: steps });
    }
  }
}

function passed(view: View): number {
  return view.history_left_out + view.history.filter((line) => !line.undone && line.left_at !== null).length;
}
