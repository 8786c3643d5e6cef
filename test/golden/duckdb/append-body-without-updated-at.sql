-- before all
-- prepare: create schema _fft
create schema if not exists "_fft";

-- prepare: create the watermarks table
create table if not exists "_fft"."watermarks" (relation varchar not null, version bigint not null, model varchar, column_name varchar not null, value varchar, run_id varchar, action varchar not null, recorded_at varchar not null);

-- model.lab.m: apply incremental append, the delta is the body with is_incremental()
begin;

-- stage: stage the delta, counts staged
create temp table "temp"."main"."__fft_stage_0123abcd_0" as select * from (
select id, v, t from "raw"."src" where t > (select max(t) from "main"."m")
) as delta;

-- apply: insert the delta, counts written
insert into "main"."m" ("id", "v", "t") select "id", "v", "t" from "temp"."main"."__fft_stage_0123abcd_0";

-- clean: drop the staged delta
drop table if exists "temp"."main"."__fft_stage_0123abcd_0";

commit;
