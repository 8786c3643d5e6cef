-- model.lab.m: apply incremental merge, the whole SELECT is the delta (right, but it reads everything)
begin;

-- stage: stage the delta, counts staged
create temp table "temp"."main"."__fft_stage_0123abcd_0" as select * from (
select id, v, t from "raw"."src"
) as delta;

-- refused, schema-changed: the columns of the delta are not those of the table
  removed: v VARCHAR

-- clean: drop the staged delta
drop table if exists "temp"."main"."__fft_stage_0123abcd_0";

commit;
