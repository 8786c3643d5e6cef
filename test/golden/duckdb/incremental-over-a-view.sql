-- before all
-- prepare: create schema _fft
create schema if not exists "_fft";

-- prepare: create the watermarks table
create table if not exists "_fft"."watermarks" (relation varchar not null, version bigint not null, model varchar, column_name varchar not null, value varchar, run_id varchar, action varchar not null, recorded_at varchar not null);

-- prepare: create the runs table
create table if not exists "_fft"."runs" (run_id varchar, command varchar, environment varchar, fft_version varchar, status varchar, started_at varchar, finished_at varchar);

-- prepare: create the node_runs table
create table if not exists "_fft"."node_runs" (run_id varchar, relation varchar not null, model varchar, status varchar, started_at varchar, milliseconds bigint, inserted bigint, updated bigint, deleted bigint, unchanged bigint, late bigint, duplicates bigint);

-- model.lab.m: replace incremental merge, it is a view now
begin;

-- stage: build the table aside, counts staged
create table "main"."__fft_aside_0123abcd_0" as select * from (
select id, v, t from "raw"."src"
) as built;

-- chooses: check the key id
select case when count(*) filter (where "id" is null) > 0 then 'null_keys' when count(*) > count(distinct "id") + (count(*) - count("id") > 0)::int then 'duplicates' else 'unique' end from "main"."__fft_aside_0123abcd_0";

-- when 'null_keys'
-- expects no rows, else null-key: show rows without a key
select * from "main"."__fft_aside_0123abcd_0" where "id" is null limit 5;

-- end of 'null_keys'

-- when 'duplicates'
-- check: collapse equal rows, counts duplicates
delete from "main"."__fft_aside_0123abcd_0" where rowid not in (select min(rowid) from "main"."__fft_aside_0123abcd_0" group by "id", "v", "t");

-- expects no rows, else duplicate-key: show keys without a newest row
select * from (select * from "main"."__fft_aside_0123abcd_0" qualify rank() over (partition by "id" order by "t" desc nulls last) = 1) qualify count(*) over (partition by "id") > 1 order by "id" limit 10;

-- check: keep the newest row a key by t, counts duplicates
delete from "main"."__fft_aside_0123abcd_0" where rowid not in (select rowid from "main"."__fft_aside_0123abcd_0" qualify row_number() over (partition by "id" order by "t" desc nulls last, rowid) = 1);

-- end of 'duplicates'

-- record: record the watermark
insert into "_fft"."watermarks"
with marks as (select 't' as column_name, cast((select max("t") from "main"."__fft_aside_0123abcd_0") as varchar) as value),
newest as (select column_name, value, action, version from "_fft"."watermarks" where relation = 'main.m' qualify version = max(version) over ())
select 'main.m', (select coalesce(max(version), 0) + 1 from newest), 'm', column_name, value, 'run-1', 'full_refresh', '2024-02-03T04:05:06.000Z' from marks;

-- publish: drop view m
drop view if exists "main"."m";

-- publish: put it in place
alter table "main"."__fft_aside_0123abcd_0" rename to "m";

commit;
