// A screen that follows a sitting does not go dark by itself. Browsers allow it on https only.

/** Keep the screen on while the page is seen; returns the way to stop. */
export function keepAwake(): () => void {
  if (!("wakeLock" in navigator)) return () => undefined;
  let lock: WakeLockSentinel | null = null;
  const ask = async (): Promise<void> => {
    if (document.visibilityState !== "visible") return; // the browser lets go by itself
    try {
      lock = await navigator.wakeLock.request("screen");
    } catch {
      lock = null; // the battery is low, or the person forbade it: nothing is lost
    }
  };
  const again = (): void => void ask();
  document.addEventListener("visibilitychange", again);
  again();
  return () => {
    document.removeEventListener("visibilitychange", again);
    void lock?.release();
  };
}
