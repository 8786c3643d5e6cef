-- before all
-- prepare: create schema _fft
create schema if not exists "_fft";

-- prepare: create the watermarks table
create table if not exists "_fft"."watermarks" (relation varchar not null, version bigint not null, model varchar, column_name varchar not null, value varchar, run_id varchar, action varchar not null, recorded_at varchar not null);

-- model.lab.m: apply incremental delete+insert, the whole SELECT is the delta (right, but it reads everything)
begin;

-- stage: stage the delta, counts staged
create temp table "temp"."main"."__fft_stage_0123abcd_0" as select * from (
select id, v, t from "raw"."src"
) as delta;

-- chooses: check the key id
select case when count(*) filter (where "id" is null) > 0 then 'null_keys' else 'unique' end from "temp"."main"."__fft_stage_0123abcd_0";

-- when 'null_keys'
-- expects no rows, else null-key: show rows without a key
select * from "temp"."main"."__fft_stage_0123abcd_0" where "id" is null limit 5;

-- end of 'null_keys'

-- apply: find the rows of the keys
create temp table "temp"."main"."__fft_old_0123abcd_0" as select * from "main"."m" as target where exists (select 1 from "temp"."main"."__fft_stage_0123abcd_0" as delta where target."id" = delta."id");

-- apply: find new rows, counts written
create temp table "temp"."main"."__fft_added_0123abcd_0" as select "id", "t", cast(null as VARCHAR) as "v" from "temp"."main"."__fft_stage_0123abcd_0" except all select "id", "t", "v" from "temp"."main"."__fft_old_0123abcd_0";

-- apply: find rows that go, counts replaced
create temp table "temp"."main"."__fft_removed_0123abcd_0" as select "id", "t", "v" from "temp"."main"."__fft_old_0123abcd_0" except all select "id", "t", cast(null as VARCHAR) as "v" from "temp"."main"."__fft_stage_0123abcd_0";

-- apply: pair them by key, counts updated
create temp table "temp"."main"."__fft_paired_0123abcd_0" as select 1 as one from (select "id", row_number() over (partition by "id") as "__fft_number" from "temp"."main"."__fft_added_0123abcd_0") as added join (select "id", row_number() over (partition by "id") as "__fft_number" from "temp"."main"."__fft_removed_0123abcd_0") as removed on added."id" = removed."id" and added."__fft_number" = removed."__fft_number";

-- apply: see which keys differ
create temp table "temp"."main"."__fft_changed_0123abcd_0" as select "id" from "temp"."main"."__fft_added_0123abcd_0" union select "id" from "temp"."main"."__fft_removed_0123abcd_0";

-- apply: delete the old rows
delete from "main"."m" as target where exists (select 1 from "temp"."main"."__fft_changed_0123abcd_0" as changed where target."id" = changed."id");

-- apply: insert the new rows
insert into "main"."m" ("id", "t") select "id", "t" from "temp"."main"."__fft_stage_0123abcd_0" as delta where exists (select 1 from "temp"."main"."__fft_changed_0123abcd_0" as changed where delta."id" = changed."id");

-- apply: drop what was compared
drop table "temp"."main"."__fft_old_0123abcd_0";

-- apply: drop what was compared
drop table "temp"."main"."__fft_added_0123abcd_0";

-- apply: drop what was compared
drop table "temp"."main"."__fft_removed_0123abcd_0";

-- apply: drop what was compared
drop table "temp"."main"."__fft_paired_0123abcd_0";

-- apply: drop what was compared
drop table "temp"."main"."__fft_changed_0123abcd_0";

-- clean: drop the staged delta
drop table if exists "temp"."main"."__fft_stage_0123abcd_0";

commit;
