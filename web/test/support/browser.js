// A real Chromium with a fresh profile, for one test file, and pages that note
// whatever a page should never do.

import { after } from 'node:test';
import { chromium } from 'playwright-core';

export async function launch() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run',
      '--disable-component-update', '--disable-sync', '--disable-smooth-scrolling'],
  });
  after(() => browser.close());
  return browser;
}

/**
 * Opens a page in a context of its own, closed after the test t, and collects
 * in `page.faults` its console errors, exceptions, dialogs and violations of
 * the content security policy.
 */
export async function open(t, browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 700 }, ...options });
  t.after(() => context.close());
  return tab(context, url);
}

/** Opens one more page in a context. */
export async function tab(context, url) {
  const page = await context.newPage();
  page.faults = [];
  page.on('pageerror', (error) => page.faults.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    // Each container that starts changes this machine's network, and the browser
    // drops what it had asked for; the page asks again.
    if (message.text().includes('ERR_NETWORK_CHANGED')) return;
    if (message.type() === 'error' || message.type() === 'warning') page.faults.push(`console: ${message.text()}`);
  });
  page.on('dialog', async (dialog) => {
    page.faults.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  await page.exposeFunction('reportViolation', (text) => page.faults.push(`policy: ${text}`));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => globalThis.reportViolation(`${event.violatedDirective} ${event.blockedURI}`));
  });
  await page.goto(String(url));
  return page;
}

/** The texts of the log's rows, oldest first. */
export const rows = (page) => page.locator('.row .text').allTextContents();

/** Waits until the log has a row with exactly this text. */
export const row = (page, text) =>
  page.waitForFunction((wanted) => [...document.querySelectorAll('.row .text')].some(({ textContent }) => textContent === wanted), text);

/** Waits for the word in the header. */
export const state = (page, name) => page.waitForSelector(`hub-connection[data-state="${name}"]`);
