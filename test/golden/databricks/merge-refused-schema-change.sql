-- model.lab.m: apply incremental merge, the whole SELECT is the delta (right, but it reads everything)
begin;

-- stage: stage the delta, counts staged
create or replace table `lab`.`__fft_stage_0123abcd_0` using delta tblproperties ('delta.columnMapping.mode' = 'name') as select * from (
select id, v, t from `raw`.`src`
) as delta;

-- refused, schema-changed: the columns of the delta are not those of the table
  removed: v string

-- clean: drop the staged delta
drop table if exists `lab`.`__fft_stage_0123abcd_0`;

commit;
