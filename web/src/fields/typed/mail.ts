/** E-mail addresses. */
import { misread, type Reading } from '../field';

const LOCAL = /^[^\s@"(),:;<>[\\\]\x00-\x1f\x7f]{1,64}$/;
const LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}_-]{0,61}[\p{L}\p{N}\p{M}])?$/u;

export function readMail(text: string): Reading {
  const said = text.trim().replace(/^mailto:/i, '');
  const at = said.lastIndexOf('@');
  const local = said.slice(0, Math.max(at, 0));
  const domain = said.slice(at + 1).toLowerCase();
  const labels = domain.split('.');
  const right =
    LOCAL.test(local) &&
    !/^\.|\.$|\.\./.test(local) &&
    labels.length > 1 &&
    local.length + domain.length <= 253 &&
    labels.every((label) => LABEL.test(label));
  return right ? { value: `${local}@${domain}` } : misread('answer.not-an-email');
}
