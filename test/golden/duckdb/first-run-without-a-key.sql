-- before all
-- prepare: create schema main
create schema if not exists "main";

-- prepare: create schema _fft
create schema if not exists "_fft";

-- prepare: create the watermarks table
create table if not exists "_fft"."watermarks" (relation varchar not null, version bigint not null, model varchar, column_name varchar not null, value varchar, run_id varchar, action varchar not null, recorded_at varchar not null);

-- prepare: create the runs table
create table if not exists "_fft"."runs" (run_id varchar, command varchar, environment varchar, fft_version varchar, status varchar, started_at varchar, finished_at varchar);

-- prepare: create the node_runs table
create table if not exists "_fft"."node_runs" (run_id varchar, relation varchar not null, model varchar, status varchar, started_at varchar, milliseconds bigint, inserted bigint, updated bigint, deleted bigint, unchanged bigint, late bigint, duplicates bigint);

-- model.lab.m: create incremental append, first run: every row of the full SELECT
begin;

-- stage: build the table aside, counts staged
create table "main"."__fft_aside_0123abcd_0" as select * from (
select id, v, t from "raw"."src"
) as built;

-- record: record the watermark
insert into "_fft"."watermarks"
with marks as (select 't' as column_name, cast((select max("t") from "main"."__fft_aside_0123abcd_0") as varchar) as value),
newest as (select column_name, value, action, version from "_fft"."watermarks" where relation = 'main.m' qualify version = max(version) over ())
select 'main.m', (select coalesce(max(version), 0) + 1 from newest), 'm', column_name, value, 'run-1', 'full_refresh', '2024-02-03T04:05:06.000Z' from marks;

-- publish: put it in place
alter table "main"."__fft_aside_0123abcd_0" rename to "m";

commit;
