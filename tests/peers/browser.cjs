// Chromium plays a teacher and two families, one in Arabic, and visits every page at both widths; axe finds no violation.
const { chromium } = require("playwright-core");
const axe = require("fs").readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const told = JSON.parse(process.argv[2]);
const shots = process.env.HOMEWORD_SHOTS;
let passed = 0;

function check(what, holds) {
  if (!holds) throw new Error(what);
  passed += 1;
}

const visited = new Set();

// Both widths, both directions: a page of right-to-left words must not break, nor one of a right-to-left staff.
async function look(page, name) {
  visited.add(new URL(page.url()).pathname.replace(/\/(\d+)(?=\/|$)/g, "/{id}"));
  for (const [width, direction, label] of [[320, "ltr", "phone"], [1280, "ltr", "laptop"], [320, "rtl", "phone-rtl"], [1280, "rtl", "laptop-rtl"]]) {
    await page.setViewportSize({ width, height: 800 });
    await page.evaluate((dir) => { document.documentElement.dir = dir; }, direction);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    check(`${name} at ${width} px scrolls sideways by ${wide}`, wide <= 0);
    const found = await page.evaluate(async (source) => {
      if (!window.axe) { const run = new Function(source); run(); }
      const result = await window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });
      return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).slice(0, 3).join(" | ")}`);
    }, axe);
    check(`${name} (${label}): ${found.join("; ")}`, found.length === 0);
    if (shots) await page.screenshot({ path: `${shots}/${name}-${label}.png`, fullPage: true });
  }
  await page.evaluate(() => { document.documentElement.dir = "ltr"; });
}

async function person(browser, name) {
  const context = await browser.newContext({ bypassCSP: true });
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (fault) => faults.push(String(fault)));
  await page.goto(told.homeword + "/sign-in");
  await page.fill("input[name=name]", name);
  await page.fill("input[name=password]", "homeword-demo");
  await page.click("button");
  await page.waitForSelector("h1:has-text('Inbox')");
  page.faults = faults;
  return page;
}

async function write(phone, number, body, drawing = false) {
  const answer = await fetch(told.sandbox + "/control/text", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ phone, number, body, drawing }) });
  check("the webhook was taken", (await answer.json()).status === 200);
}

async function reads(phone, words) {
  for (let tries = 0; tries < 600; tries++) {
    const phones = await (await fetch(told.sandbox + "/control/phones")).json();
    const texts = (phones.find((row) => row.number === phone) || { texts: [] }).texts;
    const found = texts.find((text) => !text.answered && text.body.includes(words));
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no text that says ${words}`);
}

(async () => {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
  try {
    const stranger = await (await browser.newContext({ bypassCSP: true })).newPage();
    await stranger.goto(told.homeword + "/sign-in");
    await look(stranger, "sign-in");

    const rivera = await person(browser, "rivera@maple.example");
    await look(rivera, "inbox-empty");
    await rivera.goto(told.homeword + "/compose");
    await look(rivera, "compose-empty");
    await rivera.selectOption("select[name=audience]", { label: (await rivera.locator("select[name=audience] option", { hasText: "Grade 2 reading" }).innerText()).trim() });
    await rivera.selectOption("select[name=phrase]", "reading-at-home");
    await rivera.click("button[value=preview]");
    await rivera.waitForSelector(".line");
    const line = await rivera.innerText(".line");
    check(`the one line before Send: ${line}`, /adults: \d+ languages go now/.test(line));
    check("the Arabic preview reads right to left", (await rivera.locator("p[lang=ar]").first().getAttribute("dir")) === "rtl");
    await look(rivera, "compose-preview");
    await rivera.click("button[value=send]");
    await rivera.waitForSelector("h1:has-text('Did it arrive?')");
    await look(rivera, "message-undo");
    const spanish = await reads("+12035550101", "Ms Rivera");
    const arabic = await reads("+12035550102", "Ms Rivera");
    check("a phone that goes by the first strong letter lays Arabic out right to left", arabic.body.startsWith("\u200f"));
    await rivera.reload();
    await look(rivera, "message");
    await rivera.click("summary:has-text('Arabic')");
    await rivera.click("a:has-text('To print') >> visible=true");
    await rivera.waitForSelector(".sheet");
    await look(rivera, "print");

    // A letter's stop button: a page with one question, and the mail program's own press. Looking changes nothing.
    const layla = async (wanted) => {
      for (let tries = 0; tries < 200; tries++) {
        const mailbox = (await (await fetch(told.sandbox + "/control/mailboxes")).json()).find((mailbox) => mailbox.address.startsWith("layla@"));
        const found = (mailbox?.letters ?? []).filter(wanted);
        if (found.length) return found;
        await new Promise((done) => setTimeout(done, 50));
      }
      throw new Error("no such letter for Layla");
    };
    const [{ stop_link }] = await layla((letter) => letter.stop_link);
    const mother = await (await browser.newContext({ bypassCSP: true })).newPage();
    const asked = await mother.goto(stop_link);
    const around = asked.headers();
    check("the stop page is hers alone to find", asked.status() === 200 && around["x-robots-tag"].includes("noindex") && !around["set-cookie"] && !(await asked.text()).includes("<script"));
    check("in her language and direction", (await mother.locator("html").getAttribute("lang")) === "ar" && (await mother.locator("html").getAttribute("dir")) === "rtl");
    await look(mother, "stop-ask");
    const press = (link, body) => fetch(link, { method: "POST", body, headers: { "content-type": "application/x-www-form-urlencoded" } });
    check("a POST that says nothing stops nothing", (await press(stop_link, "x=1")).status === 400);
    check("a made-up link stops nothing", (await press(stop_link.replace(/.$/, (last) => (last === "a" ? "b" : "a")), "List-Unsubscribe=One-Click")).status === 404);
    check("nobody was stopped so far", (await layla(() => true)).length === 1);
    await mother.click("button");
    await mother.waitForSelector("[role=status]:has-text('START')");
    await look(mother, "stop-done");
    await layla((letter) => letter.body.includes("START"));
    check("a mail program's own press is answered as one wants it", (await press(stop_link, "List-Unsubscribe=One-Click")).status === 200);

    // A new reply appears without a reload.
    await rivera.goto(told.homeword + "/");
    await write("+12035550102", arabic.number, "نقرأ كل ليلة بالعربية، شكرا");
    await rivera.waitForSelector(".rows li:has-text('نقرأ كل ليلة')", { timeout: 15000 });
    passed += 1;
    await write("+12035550101", spanish.number, "1");
    await rivera.waitForSelector(".rows li:nth-child(2)", { timeout: 15000 });
    await look(rivera, "inbox");
    // Keys: j goes to the first conversation, Enter opens it, r is in the answer box.
    await rivera.keyboard.press("j");
    check("j goes to the first conversation", await rivera.evaluate(() => document.activeElement.matches(".rows li:first-child a")));
    await rivera.click("#live .rows li:has-text('Karim') a");
    await rivera.waitForSelector(".bubbles");
    await rivera.keyboard.press("r");
    check("r goes to the answer", await rivera.evaluate(() => document.activeElement.name === "text"));
    await look(rivera, "thread");
    await rivera.fill("textarea[name=text]", "Thank you, that is wonderful.");
    await rivera.click("button[value=preview]");
    await rivera.waitForSelector(".preview");
    await look(rivera, "thread-preview");
    await rivera.click("button[value=send]");
    await rivera.waitForSelector(".bubbles");
    // A drawing without words is fetched from the company and shown.
    await rivera.goto(told.homeword + "/");
    await write("+12035550101", spanish.number, "", true);
    await rivera.click("#live .rows li:has-text('Lucía') a");
    await rivera.waitForSelector(".bubbles .media img", { timeout: 15000 });
    await rivera.waitForFunction(() => document.querySelector(".media img").naturalWidth === 160);
    passed += 1;
    await look(rivera, "thread-picture");
    for (const path of ["/sent", "/families"]) {
      await rivera.goto(told.homeword + path);
      await look(rivera, path.slice(1));
    }
    await rivera.click(".rows a");
    await rivera.waitForSelector(".card");
    await look(rivera, "family-as-teacher");
    await rivera.goto(told.homeword + "/me");
    await look(rivera, "me");

    const salem = await person(browser, "interpreter@maple.example");
    await salem.goto(told.homeword + "/review");
    await salem.waitForSelector("#live .rows a");
    await look(salem, "review");
    await salem.goto(told.homeword + "/review/phrases/ar");
    check("a sample approval is marked as one", (await salem.content()).includes("(sample)"));
    await look(salem, "phrases");
    await salem.goto(told.homeword + "/review");
    await salem.click("#live .rows a");
    await salem.waitForSelector("textarea");
    check("the reviewer writes right to left", (await salem.locator("textarea").getAttribute("dir")) === "rtl");
    await look(salem, "review-one");
    await salem.fill("textarea", "شكرا، هذا رائع.");
    await salem.click("button[value=approve]");
    await reads("+12035550102", "هذا رائع");

    // Too long for a text: its first words and a link to this one message, in English and in Arabic.
    await rivera.goto(told.homeword + "/compose");
    await rivera.selectOption("select[name=audience]", { label: (await rivera.locator("select[name=audience] option", { hasText: "Grade 2 reading" }).innerText()).trim() });
    await rivera.fill("textarea[name=text]", "On Thursday we go to the museum by bus. " + "Please pack a warm coat, a lunch and a bottle with water. ".repeat(18));
    await rivera.click("button[value=preview]");
    await rivera.waitForSelector(".line");
    check("the author reads that a link goes", (await rivera.content()).includes("a link to read all of it"));
    check("and what it costs at most", /At most \d+ texts on the bill, \d+\.\d\d USD/.test(await rivera.innerText(".preview")));
    await rivera.click("summary:text-is('Texts by language')");
    await look(rivera, "compose-long");
    await rivera.click("button[value=send]");
    await rivera.waitForSelector("h1:has-text('Did it arrive?')");
    await salem.goto(told.homeword + "/review");
    await salem.click("#live .rows a:has-text('museum')");
    await salem.waitForSelector("textarea");
    await salem.fill("textarea", "يوم الخميس نذهب إلى المتحف بالحافلة. " + "من فضلكم أرسلوا معطفا دافئا ووجبة وزجاجة ماء. ".repeat(12));
    await salem.click("button[value=approve]");
    for (const [phone, language, direction] of [["+12035550103", "en", "ltr"], ["+12035550102", "ar", "rtl"]]) {
      const short = await reads(phone, "/m/");
      check(`a short text stays short: ${short.body}`, short.body.length < 320 && short.body.includes("Ms Rivera"));
      const parent = await (await browser.newContext({ bypassCSP: true })).newPage();
      const answer = await parent.goto(short.body.match(/http\S+/)[0]);
      const headers = answer.headers();
      check("nobody finds, keeps or passes it on", answer.status() === 200 && headers["x-robots-tag"].includes("noindex") && headers["cache-control"] === "no-store" && headers["referrer-policy"] === "no-referrer");
      check("it sets no cookie and runs no script", !headers["set-cookie"] && !(await answer.text()).includes("<script"));
      check("its language and direction", (await parent.locator("html").getAttribute("lang")) === language && (await parent.locator("html").getAttribute("dir")) === direction);
      check("it names no child", !/Leo|Amina/.test(await parent.content()));
      check("the original is beneath a translation alone", (await parent.locator("p[lang=en]").count()) === 1 && (await parent.locator("hr").count()) === (language === "en" ? 0 : 1));
      if (shots) for (const [width, label] of [[320, "phone"], [1280, "laptop"]]) {
        await parent.setViewportSize({ width, height: 800 });
        await parent.screenshot({ path: `${shots}/whole-${language}-own-${label}.png`, fullPage: true });
      }
      await look(parent, `whole-${language}`);
      const forged = await parent.goto(short.body.match(/http\S+/)[0].replace(/.$/, (last) => (last === "A" ? "B" : "A")));
      check("a forged link opens nothing", forged.status() === 404 && !(await parent.content()).includes("Ms Rivera"));
      await look(parent, "whole-ended");
    }

    const ring = { phone: "+12035550167", number: "+12035550190" };
    const rang = await fetch(told.sandbox + "/control/call", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(ring) });
    check("a caller nobody knows hears a sentence", (await rang.json()).join().includes("for text messages"));
    await write("+12035550166", "+12035550190", "Who is this?");
    const office = await person(browser, "office@maple.example");
    for (let tries = 0; tries < 100 && !(await office.content()).includes("Who is this?"); tries++) await office.goto(told.homeword + "/by-hand");
    check("the stranger's text is by hand", (await office.content()).includes("Who is this?"));
    await look(office, "by-hand");
    await office.click("#live .rows a");
    await office.waitForSelector("button:has-text('Save and open the next')");
    await look(office, "task");
    await office.click("button:has-text('I will do this')");
    await office.waitForSelector(".good:has-text('has it')");
    await office.fill("input[name=result]", "Called back: a parent of a new child.");
    await office.click("button:has-text('Save and open the next')");
    await office.waitForSelector("h1");
    await office.goto(told.homeword + "/families?search=0101");
    await look(office, "families-search");
    await office.click(".rows a");
    await office.waitForSelector(".card");
    await office.click("summary:has-text('Change what is on file')");
    await look(office, "family-as-office");
    const district = await person(browser, "district@maple.example");
    for (const path of ["/settings", "/people", "/numbers", "/audit"]) {
      await district.goto(told.homeword + path);
      await look(district, path.slice(1));
    }
    await district.goto(told.homeword + "/numbers");
    await district.click("summary:has-text('+12035550191')");
    await look(district, "numbers-change");
    const open = district.locator("details[open]");
    await open.locator("input[name=rate]").fill("0");
    await open.locator("button").click();
    await district.waitForSelector("[role=alert]:has-text('Texts a second must be from')");
    await district.click("summary:has-text('+12035550191')");
    await open.locator("select[name=kind]").selectOption("toll-free");
    await open.locator("input[name=rate]").fill("");
    await open.locator("button").click();
    await district.waitForSelector("h1:has-text('Phone numbers')");
    await district.click("summary:has-text('+12035550191')");
    check("a kind says what is usual", (await open.locator("input[name=rate]").inputValue()) === "3" && (await open.locator("select[name=kind]").inputValue()) === "toll-free");
    await open.locator("input[name=rate]").fill("2.5");
    await open.locator("button").click();
    await district.waitForSelector("h1:has-text('Phone numbers')");
    await district.click("summary:has-text('+12035550191')");
    check("a number's rate is kept", (await open.locator("input[name=rate]").inputValue()) === "2.5");
    await district.goto(told.homeword + "/settings");
    await district.click("button:text-is('Save')");
    await district.waitForSelector(".good:text-is('Saved.')");
    passed += 1;
    await district.goto(told.homeword + "/people");
    await district.click("summary:text-is('Change Mr Kim')");
    await district.click("summary:text-is('Stop Mr Kim signing in')");
    await look(district, "people-change");
    await district.fill("input[name=email]", "new@maple.example");
    await district.fill("input[name=title]", "Mr Osei");
    await district.click("button:text-is('Invite')");
    const link = (await district.innerText(".preview strong")).trim();
    await stranger.goto(link);
    await look(stranger, "invitation");
    await stranger.fill("input[name=password]", "correct horse battery");
    await stranger.fill("input[name=again]", "correct horse battery");
    await stranger.click("button");
    await stranger.waitForSelector("h1:has-text('Homeword')");
    await stranger.fill("input[name=name]", "new@maple.example");
    await stranger.fill("input[name=password]", "correct horse battery");
    await stranger.click("button");
    await stranger.waitForSelector("h1:has-text('Inbox')");
    passed += 1;
    const absent = await district.goto(told.homeword + "/nonsense");
    check("an absent page is 404", absent.status() === 404);
    await look(district, "absent");

    const phones = await (await browser.newContext({ bypassCSP: true })).newPage();
    await phones.goto(told.sandbox + "/");
    await look(phones, "sandbox");
    await phones.goto(told.sandbox + "/phone/+12035550102");
    check("Karim's phone reads right to left", (await phones.locator(".texts").getAttribute("dir")) === "rtl");
    await look(phones, "sandbox-phone-rtl");
    // Every page that the router knows was looked at.
    const routes = require("fs").readFileSync("crates/web/src/lib.rs", "utf8");
    const pages = [...routes.matchAll(/route\("([^"]+)", get\(/g)].map((found) => found[1]);
    const notPages = ["/figures.json", "/changes", "/healthz/live", "/healthz/ready", "/nav", "/assets/{name}", "/hooks/sms/{company}", "/thread/{id}/media/{incoming}/{number}", "/by-hand/{id}/media/{incoming}/{number}"];
    const seen = (path) => [...visited].some((one) => new RegExp("^" + path.replace(/\{\w+\}/g, "[^/]+") + "$").test(one));
    const unseen = pages.filter((path) => !notPages.includes(path) && !seen(path));
    check(`pages nobody looked at: ${unseen.join(" ")}`, unseen.length === 0);
    for (const page of [rivera, salem, office, district]) check(`no script fault: ${page.faults.join()}`, page.faults.length === 0);
    console.log(`${passed} passed, 0 failed`);
  } catch (fault) {
    console.log(String(fault));
    console.log(`${passed} passed, 1 failed`);
    process.exitCode = 1;
  } finally {
    await browser.close();
  }
})();
