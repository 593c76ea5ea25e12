/** The people of Skerry Lines, as the pictures of the design show them. */
import type { Account, Avatar, Person } from '../../backend/backend';

function person(local: string, name: string, tint: number, image: string | null = null): Person {
  const initials = name
    .split(' ')
    .map((part) => part.charAt(0))
    .slice(0, 2)
    .join('');
  const avatar: Avatar = { shape: 'person', initials, tint, image };
  return { user: `@${local}:skerrylines.example`, name, disambiguation: null, avatar };
}

export const marta = person('marta', 'Marta Lindqvist', 8);
export const priya = person('priya', 'Priya Raman', 4);
export const jonas = person('jonas', 'Jonas Halvorsen', 2);
export const tomasz = person('tomasz', 'Tomasz Wiśniewski', 7);
export const aoife = person('aoife', 'Aoife Brennan', 1);
export const noah = person('noah', 'Noah Fischer', 5);
export const leila = person('leila', 'Leila Farouk', 3);
export const helena = person('helena', 'Helena Strand', 5);
export const yuki = person('yuki', 'Yuki Tanabe', 6);
export const samir = person('samir', 'Samir Haddad', 6);
export const grace = person('grace', 'Grace Mbeki', 1);

export const account: Account = {
  account: 'k3v9w2m7',
  user: marta.user,
  me: marta,
  organisation: 'Skerry Lines',
  lastChat: null,
  care: null,
  recovery: 'on',
  encrypted: true,
};
