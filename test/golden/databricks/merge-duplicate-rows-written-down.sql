-- before all
-- prepare: create schema _fft
create schema if not exists `_fft`;

-- prepare: create the duplicate_rows table
create table if not exists `_fft`.`duplicate_rows` (relation string, model string, run_id string, `key` string, row_json string, reason string, noted_at string) using delta;

-- model.lab.m: apply incremental merge, the whole SELECT is the delta (right, but it reads everything)
-- stage: stage the delta, counts staged
create or replace table `lab`.`__fft_stage_0123abcd_0` using delta tblproperties ('delta.columnMapping.mode' = 'name') as select * from (
select id, v, t from `raw`.`src`
) as delta;

-- chooses: check the key id
select case when count_if(`id` is null) > 0 then 'null_keys' when count(*) > count(distinct struct(`id`)) then 'duplicates' else 'unique' end from `lab`.`__fft_stage_0123abcd_0`;

-- when 'null_keys'
-- expects no rows, else null-key: show rows without a key
select * from `lab`.`__fft_stage_0123abcd_0` where `id` is null limit 5;

-- end of 'null_keys'

-- when 'duplicates'
-- record: write duplicate rows down
insert into `_fft`.`duplicate_rows` (relation, model, run_id, `key`, row_json, reason, noted_at)
select 'lab.m', 'm', 'run-1', to_json(named_struct('id', delta.`id`), map('ignoreNullFields', 'false')), to_json(named_struct('id', delta.`id`, 'v', delta.`v`, 't', delta.`t`), map('ignoreNullFields', 'false')), 'equal to another row', '2024-02-03T04:05:06.000Z' from (select * except (`__fft_number`) from (select *, row_number() over (partition by `id`, `v`, `t` order by `id`, `v`, `t`) as `__fft_number` from `lab`.`__fft_stage_0123abcd_0`) where `__fft_number` > 1) as delta where not exists (select 1 from `_fft`.`duplicate_rows` as noted where noted.relation = 'lab.m' and noted.reason = 'equal to another row' and noted.row_json = to_json(named_struct('id', delta.`id`, 'v', delta.`v`, 't', delta.`t`), map('ignoreNullFields', 'false')));

-- check: collapse equal rows, counts duplicates
select count(*) - count(distinct struct(`id`, `v`, `t`)) as num_affected_rows from `lab`.`__fft_stage_0123abcd_0`;
create or replace table `lab`.`__fft_stage_0123abcd_0` using delta tblproperties ('delta.columnMapping.mode' = 'name') as select * except (`__fft_number`) from (select *, row_number() over (partition by `id`, `v`, `t` order by `id`, `v`, `t`) as `__fft_number` from `lab`.`__fft_stage_0123abcd_0`) where `__fft_number` = 1;

-- expects no rows, else duplicate-key: show keys without a newest row
select * except (`__fft_number`) from (select *, count(*) over (partition by `id`) as `__fft_number` from (select * except (`__fft_rank`) from (select *, rank() over (partition by `id` order by `t` desc nulls last) as `__fft_rank` from `lab`.`__fft_stage_0123abcd_0`) where `__fft_rank` = 1)) where `__fft_number` > 1 order by `id` limit 10;

-- record: write duplicate rows down
insert into `_fft`.`duplicate_rows` (relation, model, run_id, `key`, row_json, reason, noted_at)
select 'lab.m', 'm', 'run-1', to_json(named_struct('id', delta.`id`), map('ignoreNullFields', 'false')), to_json(named_struct('id', delta.`id`, 'v', delta.`v`, 't', delta.`t`), map('ignoreNullFields', 'false')), 'a row of the key has a newer t', '2024-02-03T04:05:06.000Z' from (select * except (`__fft_number`) from (select *, row_number() over (partition by `id` order by `t` desc nulls last) as `__fft_number` from `lab`.`__fft_stage_0123abcd_0`) where `__fft_number` > 1) as delta where not exists (select 1 from `_fft`.`duplicate_rows` as noted where noted.relation = 'lab.m' and noted.reason = 'a row of the key has a newer t' and noted.row_json = to_json(named_struct('id', delta.`id`, 'v', delta.`v`, 't', delta.`t`), map('ignoreNullFields', 'false')));

-- check: keep the newest row a key by t, counts duplicates
select count(*) - count(distinct struct(`id`)) as num_affected_rows from `lab`.`__fft_stage_0123abcd_0`;
create or replace table `lab`.`__fft_stage_0123abcd_0` using delta tblproperties ('delta.columnMapping.mode' = 'name') as select * except (`__fft_number`) from (select *, row_number() over (partition by `id` order by `t` desc nulls last) as `__fft_number` from `lab`.`__fft_stage_0123abcd_0`) where `__fft_number` = 1;

-- end of 'duplicates'

-- chooses: see whether rows are below the watermark of t
select case when exists (select 1 from `lab`.`__fft_stage_0123abcd_0` as delta where delta.`t` < timestamp '2024-01-02 03:04:05.678901') then 'true' else 'false' end;

-- when 'true'
-- check: count late rows, counts late
select count(*) as num_affected_rows from `lab`.`__fft_stage_0123abcd_0` as delta where delta.`t` < timestamp '2024-01-02 03:04:05.678901' and not exists (select 1 from `lab`.`m` as target where delta.`id` = target.`id` and ((delta.`v` <=> target.`v` and delta.`t` <=> target.`t`)));

-- end of 'true'

-- asks: read the watermarks of the staged rows
select cast(greatest((select max(`t`) from `lab`.`__fft_stage_0123abcd_0`), timestamp '2024-01-02 03:04:05.678901') as string) as v0;

set `spark.databricks.delta.commitInfo.userMetadata`=`{"fft":1,"run":"run-1","model":"m","action":"run","at":"2024-02-03T04:05:06.000Z","watermarks":{"t":null}}`;
-- apply: update rows that differ, insert new ones, counts written
merge into `lab`.`m` as target using `lab`.`__fft_stage_0123abcd_0` as delta on delta.`id` = target.`id`
when matched and (not (delta.`v` <=> target.`v`) or not (delta.`t` <=> target.`t`)) then update set target.`v` = delta.`v`, target.`t` = delta.`t`
when not matched then insert (`id`, `v`, `t`) values (delta.`id`, delta.`v`, delta.`t`);

reset spark.databricks.delta.commitInfo.userMetadata;

-- record_later: [{"column":"t","value":{"kind":"text","text":null}}]

-- clean: drop the staged delta
drop table if exists `lab`.`__fft_stage_0123abcd_0`;
