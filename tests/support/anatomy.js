// What axe does not see: answers one line for each fault of the page.
() => {
  const faults = [];
  const visible = (e) => e.getClientRects().length > 0 && e.checkVisibility();
  const say = (what, e) => faults.push(what + (e ? ': ' + e.outerHTML.slice(0, 120) : ''));
  const html = document.documentElement;
  if (!['en', 'es'].includes(html.lang)) say('no language on the page');
  if (!document.title.trim()) say('no title');
  if (document.querySelectorAll('h1').length !== 1) say('not exactly one h1');
  if (document.querySelectorAll('main').length !== 1) say('not exactly one main');
  if (html.scrollWidth > html.clientWidth + 1) say('wider than the window by ' + (html.scrollWidth - html.clientWidth));
  if (document.querySelector('[style], style')) say('inline style', document.querySelector('[style], style'));
  if (document.querySelector('script:not([src])')) say('inline script');
  const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
  for (const id of new Set(ids.filter((id, n) => ids.indexOf(id) !== n))) say('id twice: ' + id);
  for (const e of document.querySelectorAll('*')) {
    for (const a of e.attributes) if (a.name.startsWith('on')) say('inline handler', e);
    for (const a of ['aria-describedby', 'aria-labelledby', 'aria-controls', 'for']) {
      for (const id of (e.getAttribute(a) || '').split(/\s+/).filter(Boolean)) {
        if (!document.getElementById(id)) say(a + ' points nowhere', e);
      }
    }
  }
  const fields = 'input:not([type=hidden]):not([type=submit]):not([type=button]), select, textarea';
  for (const e of document.querySelectorAll(fields)) {
    if (!(e.labels && e.labels.length) && !e.getAttribute('aria-label')) say('field without a label', e);
  }
  const groups = new Map();
  for (const e of document.querySelectorAll('input[type=radio], input[type=checkbox]')) {
    groups.set(e.name, [...(groups.get(e.name) || []), e]);
  }
  for (const [name, members] of groups) {
    if (members.length > 1 && members.some((e) => !e.closest('fieldset')?.querySelector('legend'))) {
      say('choices without fieldset and legend: ' + name);
    }
  }
  for (const form of document.querySelectorAll('form')) {
    if (form.method === 'post' && !form.querySelector('[name=csrf_token]')) say('form without its token', form);
  }
  const wrong = [...document.querySelectorAll('[aria-invalid=true]')];
  if (wrong.length) {
    if (!document.title.match(/^Error/)) say('errors, but the title does not begin with the word');
    const summary = document.querySelector('[role=alert]');
    if (!summary) say('errors without a summary');
    for (const e of wrong) {
      if (!e.getAttribute('aria-describedby')) say('an error not tied to its field', e);
      if (e.id && summary && !summary.querySelector('a[href="#' + CSS.escape(e.id) + '"]')
          && !(e.closest('fieldset') && summary.querySelector('a'))) say('an error the summary does not link to', e);
    }
  }
  for (const table of document.querySelectorAll('table')) {
    if (!table.caption) say('table without a caption', table);
    if (!table.querySelector('th[scope]')) say('table without headings', table);
  }
  for (const e of document.querySelectorAll('a[href], button, summary, [role=button]')) {
    if (visible(e) && !(e.innerText || e.getAttribute('aria-label') || '').trim()) say('a control without words', e);
  }
  for (const e of document.querySelectorAll('button, .btn, [role=button]')) {
    const box = e.getBoundingClientRect();
    if (visible(e) && getComputedStyle(e).position !== 'absolute' && (box.height < 24 || box.width < 24)) {
      say('a target under 24 px', e);
    }
  }
  return faults;
}
