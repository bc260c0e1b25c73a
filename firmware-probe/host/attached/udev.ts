import type { UsbIdentity } from '../../../device-profiles/index.ts';

/** Sorts before `73-seat-late.rules` of systemd, which gives the person at the screen what has the tag `uaccess`. */
export const udevRulesPath = '/etc/udev/rules.d/70-nasturtium.rules';

/** What to run when the text stands there. */
export const udevReload = 'sudo udevadm control --reload && sudo udevadm trigger';

const grant = 'MODE="0660", GROUP="plugdev", TAG+="uaccess"';

/** One rule: a serial adapter is reached through its terminal, everything else as a USB device. */
function ruleOf({ vendorId, productId, speaks }: UsbIdentity): string {
  return speaks === 'esp-rom'
    ? `SUBSYSTEM=="tty", ATTRS{idVendor}=="${vendorId}", ATTRS{idProduct}=="${productId}", ${grant}`
    : `SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ATTR{idVendor}=="${vendorId}", ATTR{idProduct}=="${productId}", ${grant}`;
}

/** Text of a file of rules that lets a person use these devices on Linux, each once, in rising order. */
export function udevRules(identities: readonly UsbIdentity[]): string {
  const byRule = new Map<string, Set<string>>();
  for (const identity of identities) {
    const rule = ruleOf(identity);
    byRule.set(rule, (byRule.get(rule) ?? new Set()).add(identity.name));
  }
  const rules = [...byRule]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([rule, names]) => `# ${[...names].sort().join(', ')}\n${rule}\n`);
  return ['# Lets Nasturtium measure and program boards: written by "nasturtium doctor".\n', ...rules].join(
    '',
  );
}
