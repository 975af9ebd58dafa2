// Reading aloud with the device's own Vietnamese voice. Where it has none there is no button: a foreign
// voice reads Vietnamese as noise.

export class Voice extends EventTarget {
  private voice: SpeechSynthesisVoice | null = null;
  private run = 0;
  /** The paragraph being read; -1: silent. */
  at = -1;

  constructor() {
    super();
    const engine = this.engine;
    if (!engine) return;
    this.find();
    engine.addEventListener?.("voiceschanged", () => this.find());
  }

  get available(): boolean {
    return this.voice !== null;
  }

  get speaking(): boolean {
    return this.at >= 0;
  }

  private get engine(): SpeechSynthesis | undefined {
    return window.speechSynthesis as SpeechSynthesis | undefined;
  }

  private find(): void {
    const voices = this.engine!.getVoices().filter((voice) => /^vi\b/i.test(voice.lang));
    this.voice = voices.find((voice) => voice.localService) ?? voices[0] ?? null;
    this.dispatchEvent(new Event("change"));
  }

  /** Read the paragraphs one after another; resolves to true when all were read to the end. */
  async read(paragraphs: string[], from = 0): Promise<boolean> {
    this.stop();
    const run = (this.run += 1);
    for (let at = from; at < paragraphs.length; at += 1) {
      this.at = at;
      this.dispatchEvent(new Event("change"));
      for (const sentence of sentences(paragraphs[at]!)) {
        await this.say(sentence);
        if (run !== this.run) return false;
      }
    }
    this.at = -1;
    this.dispatchEvent(new Event("change"));
    return true;
  }

  private say(text: string): Promise<void> {
    return new Promise((done) => {
      const words = new SpeechSynthesisUtterance(text);
      words.voice = this.voice;
      words.lang = this.voice?.lang ?? "vi-VN";
      words.rate = 0.95;
      words.onend = words.onerror = () => done();
      this.engine!.speak(words);
    });
  }

  stop(): void {
    this.run += 1;
    this.at = -1;
    this.engine?.cancel();
    this.dispatchEvent(new Event("change"));
  }
}

/** Short pieces: some engines fall silent in the middle of a long one. */
export function sentences(text: string): string[] {
  const pieces = text.match(/[^.;:!?]+[.;:!?]*\s*/g) ?? [text];
  const out: string[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    if (last !== undefined && last.length + piece.length < 160) out[out.length - 1] = last + piece;
    else out.push(piece);
  }
  return out.map((piece) => piece.trim()).filter(Boolean);
}
