-- before all
-- prepare: create schema _fft
create schema if not exists `_fft`;

-- prepare: create the watermarks table
create table if not exists `_fft`.`watermarks` (relation string, version bigint, model string, column_name string, value string, run_id string, action string, recorded_at string) using delta;

-- model.lab.m: apply incremental merge, the whole SELECT is the delta (right, but it reads everything)
-- stage: stage the delta, counts staged
create or replace table `lab`.`__fft_stage_0123abcd_0` using delta tblproperties ('delta.columnMapping.mode' = 'name') as select * from (
select id, v, t from `raw`.`src`
) as delta;

-- chooses: check the key v
select case when count_if(`v` is null) > 0 then 'null_keys' when count(*) > count(distinct struct(`v`)) then 'duplicates' else 'unique' end from `lab`.`__fft_stage_0123abcd_0`;

-- when 'null_keys'
-- expects no rows, else null-key: show rows without a key
select * from `lab`.`__fft_stage_0123abcd_0` where `v` is null limit 5;

-- end of 'null_keys'

-- when 'duplicates'
-- check: collapse equal rows, counts duplicates
select count(*) - count(distinct struct(`id`, `v`, `t`)) as num_affected_rows from `lab`.`__fft_stage_0123abcd_0`;
create or replace table `lab`.`__fft_stage_0123abcd_0` using delta tblproperties ('delta.columnMapping.mode' = 'name') as select * except (`__fft_number`) from (select *, row_number() over (partition by `id`, `v`, `t` order by `id`, `v`, `t`) as `__fft_number` from `lab`.`__fft_stage_0123abcd_0`) where `__fft_number` = 1;

-- expects no rows, else duplicate-key: show duplicate keys
select * except (`__fft_number`) from (select *, count(*) over (partition by `v`) as `__fft_number` from `lab`.`__fft_stage_0123abcd_0`) where `__fft_number` > 1 order by `v` limit 10;

-- end of 'duplicates'

-- schema: widen column id to bigint
alter table `lab`.`m` set tblproperties ('delta.enableTypeWidening' = 'true');
alter table `lab`.`m` alter column `id` type bigint;

-- schema: widen column old_id to bigint
alter table `lab`.`m` set tblproperties ('delta.enableTypeWidening' = 'true');
alter table `lab`.`m` alter column `old_id` type bigint;

set `spark.databricks.delta.commitInfo.userMetadata`=`{"fft":1,"run":"run-1","model":"m","action":"run","at":"2024-02-03T04:05:06.000Z","watermarks":{}}`;
-- apply: update rows that differ, insert new ones, counts written
merge into `lab`.`m` as target using `lab`.`__fft_stage_0123abcd_0` as delta on delta.`v` = target.`v`
when matched and (not (delta.`id` <=> target.`id`) or not (delta.`t` <=> target.`t`)) then update set target.`id` = delta.`id`, target.`t` = delta.`t`, target.`old_id` = case when target.`id` <=> delta.`id` then target.`old_id` else target.`id` end
when not matched then insert (`id`, `v`, `t`) values (delta.`id`, delta.`v`, delta.`t`);

reset spark.databricks.delta.commitInfo.userMetadata;

-- clean: drop the staged delta
drop table if exists `lab`.`__fft_stage_0123abcd_0`;
