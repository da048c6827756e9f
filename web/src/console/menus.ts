/** Menus that a word opens: they close by Escape, and once one goes elsewhere. */

const OPEN = 'details.menu[open]';

/** Close the menus that do not hold what is gone to. */
export function leaveMenus(to: EventTarget | null): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>(OPEN)) {
    if (!(to instanceof Node && menu.contains(to))) menu.open = false;
  }
}

/** Close the menu one is in, and go back to its word; false where none is open. */
export function closeMenu(): boolean {
  const menu = document.querySelector<HTMLDetailsElement>(OPEN);
  if (menu === null) return false;
  menu.open = false;
  menu.querySelector('summary')?.focus();
  return true;
}
