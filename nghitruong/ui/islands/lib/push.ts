// Who leaves this device is not told here any more: the subscription ends in the browser, and the server
// learns it from the push service the next time it sends.
const MOST = 2_000; // the browser speaks with its push service; nobody waits longer to sign out

export async function endPush(): Promise<void> {
  const work = async (): Promise<void> => {
    for (const worker of (await navigator.serviceWorker?.getRegistrations()) ?? []) {
      await (await worker.pushManager?.getSubscription())?.unsubscribe();
    }
  };
  await Promise.race([work().catch(() => undefined), new Promise((done) => setTimeout(done, MOST))]);
}
