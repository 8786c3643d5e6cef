-- before all
-- prepare: create schema _fft
create schema if not exists "_fft";

-- prepare: create the watermarks table
create table if not exists "_fft"."watermarks" (relation varchar not null, version bigint not null, model varchar, column_name varchar not null, value varchar, run_id varchar, action varchar not null, recorded_at varchar not null);

-- prepare: create the runs table
create table if not exists "_fft"."runs" (run_id varchar, command varchar, environment varchar, fft_version varchar, status varchar, started_at varchar, finished_at varchar);

-- prepare: create the node_runs table
create table if not exists "_fft"."node_runs" (run_id varchar, relation varchar not null, model varchar, status varchar, started_at varchar, milliseconds bigint, inserted bigint, updated bigint, deleted bigint, unchanged bigint, late bigint, duplicates bigint);

-- model.lab.m: apply incremental merge, the whole SELECT is the delta (right, but it reads everything)
begin;

-- stage: stage the delta, counts staged
create temp table "temp"."main"."__fft_stage_0123abcd_0" as select * from (
select id, v, t from "raw"."src"
) as delta;

-- chooses: check the key v
select case when count(*) filter (where "v" is null) > 0 then 'null_keys' when count(*) > count(distinct "v") + (count(*) - count("v") > 0)::int then 'duplicates' else 'unique' end from "temp"."main"."__fft_stage_0123abcd_0";

-- when 'null_keys'
-- expects no rows, else null-key: show rows without a key
select * from "temp"."main"."__fft_stage_0123abcd_0" where "v" is null limit 5;

-- end of 'null_keys'

-- when 'duplicates'
-- check: collapse equal rows, counts duplicates
delete from "temp"."main"."__fft_stage_0123abcd_0" where rowid not in (select min(rowid) from "temp"."main"."__fft_stage_0123abcd_0" group by "id", "v", "t");

-- expects no rows, else duplicate-key: show duplicate keys
select * from "temp"."main"."__fft_stage_0123abcd_0" qualify count(*) over (partition by "v") > 1 order by "v" limit 10;

-- end of 'duplicates'

-- schema: widen column id to BIGINT
alter table "main"."m" alter column "id" set data type BIGINT;

-- schema: widen column old_id to BIGINT
alter table "main"."m" alter column "old_id" set data type BIGINT;

-- apply: find the rows of the keys
create temp table "temp"."main"."__fft_found_0123abcd_0" as select target.rowid as old, delta.rowid as new, (delta."id" is not distinct from target."id" and delta."t" is not distinct from target."t") as same from "main"."m" as target join "temp"."main"."__fft_stage_0123abcd_0" as delta on delta."v" = target."v";

-- apply: leave out rows that are equal, counts unchanged
delete from "temp"."main"."__fft_stage_0123abcd_0" where rowid in (select new from "temp"."main"."__fft_found_0123abcd_0" where same);

-- apply: save the columns that the update leaves alone
create temp table "temp"."main"."__fft_old_0123abcd_0" as select target."v", true as "__fft_there", case when target."id" is distinct from delta."id" then target."id" else target."old_id" end as "old_id" from "main"."m" as target join "temp"."main"."__fft_stage_0123abcd_0" as delta on delta."v" = target."v";

-- apply: delete the rows to update, counts updated
delete from "main"."m" where rowid in (select old from "temp"."main"."__fft_found_0123abcd_0" where not same);

-- apply: insert the delta with the saved columns, counts written
insert into "main"."m" ("id", "v", "t", "old_id") select delta."id", delta."v", delta."t", old."old_id" from "temp"."main"."__fft_stage_0123abcd_0" as delta left join "temp"."main"."__fft_old_0123abcd_0" as old on delta."v" = old."v";

-- apply: drop the saved columns
drop table "temp"."main"."__fft_old_0123abcd_0";

-- apply: drop what was found
drop table "temp"."main"."__fft_found_0123abcd_0";

-- clean: drop the staged delta
drop table if exists "temp"."main"."__fft_stage_0123abcd_0";

commit;
