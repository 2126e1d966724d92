-- Runs once, as superuser, when the volume is new: three logins with no more than each needs. The roles that the
-- migration would create are here already, because two of the logins are members of them.

\getenv owner_password OWNER_PASSWORD
\getenv reader_password READER_PASSWORD
\getenv service_password SERVICE_PASSWORD

create role anon nologin;
create role authenticated nologin;
create role service_role nologin;

-- Migrates: owns the database, and with it the schema public.
create role vantage_owner login password :'owner_password';
grant authenticated, service_role to vantage_owner;
alter database vantage owner to vantage_owner;

-- The two pools: whatever happens in the service, the first can never write.
create role vantage_reader login noinherit password :'reader_password';
grant authenticated to vantage_reader;

create role vantage_service login noinherit password :'service_password';
grant service_role to vantage_service;

revoke connect, temporary on database vantage from public;
grant connect on database vantage to vantage_reader, vantage_service;
