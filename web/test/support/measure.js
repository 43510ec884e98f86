// What a tab costs: its process's memory and time, and how its frames came.

import { readFileSync } from 'node:fs';

/** The processes of a browser. */
async function processes(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo;
}

/** What the browser's pages cost: `cpu` seconds used so far, and `memory`, the megabytes that are their processes' alone. */
export async function costOf(browser) {
  const pids = (await processes(browser)).filter(({ type }) => type === 'renderer').map(({ id }) => id);
  return { cpu: pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0), memory: Math.max(...pids.map(privateMegabytes)) };
}

function privateMegabytes(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kilobytes = [...text.matchAll(/^Private_(?:Clean|Dirty): +(\d+) kB$/gm)].reduce((sum, [, n]) => sum + Number(n), 0);
  return kilobytes / 1024;
}

function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/**
 * Watches the frames of a page until stop(), which tells of them: how many a
 * second, the longest gap between two and how many gaps were over 50 ms, and the
 * long tasks (over 50 ms) of the page's thread.
 */
export async function watchFrames(page) {
  await page.evaluate(() => {
    const gaps = [];
    const tasks = [];
    let last = performance.now();
    const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)));
    observer.observe({ entryTypes: ['longtask'] });
    const next = (now) => {
      gaps.push(now - last);
      last = now;
      globalThis.frameRequest = requestAnimationFrame(next);
    };
    requestAnimationFrame((now) => {
      last = now;
      requestAnimationFrame(next);
    });
    globalThis.stopFrames = () => {
      cancelAnimationFrame(globalThis.frameRequest);
      observer.disconnect();
      gaps.sort((a, b) => a - b);
      const total = gaps.reduce((sum, gap) => sum + gap, 0);
      return {
        perSecond: gaps.length / total * 1000, p99: gaps[Math.floor(gaps.length * 0.99)], longest: gaps[gaps.length - 1],
        over50: gaps.filter((gap) => gap > 50).length, frames: gaps.length, longTasks: tasks.length, longestTask: Math.max(0, ...tasks),
      };
    };
  });
  return { stop: () => page.evaluate(() => globalThis.stopFrames()) };
}
