/** A soft chime, made on the spot: no sound file to fetch, and nothing plays before somebody asked for it. */

const NOTES = [659.25, 880];
const QUIET = 3000;
let context = null;
let last = -QUIET;

/** Play it, at most every few seconds; `now` plays it in any case. */
export function chime({ now = false } = {}) {
  if (!now && performance.now() - last < QUIET) return;
  last = performance.now();
  context ??= new AudioContext();
  NOTES.forEach((frequency, place) => {
    const at = context.currentTime + place * 0.14;
    const tone = new OscillatorNode(context, { frequency, type: "sine" });
    const loudness = new GainNode(context, { gain: 0 });
    loudness.gain.setValueAtTime(0, at);
    loudness.gain.linearRampToValueAtTime(0.07, at + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.0005, at + 0.5);
    tone.connect(loudness).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.55);
  });
}
