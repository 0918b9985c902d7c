/** Makes of a database one that only migration 0001 has seen, as the first release left it. */
export const backToFirstVersion = `
  drop table outbox;
  drop table claims;
  drop table audit;
  delete from kysely_migration where name = '0002-sending';
`;
