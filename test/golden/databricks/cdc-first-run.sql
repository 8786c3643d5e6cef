-- before all
-- prepare: create schema lab
create schema if not exists `lab`;

-- prepare: create schema _fft
create schema if not exists `_fft`;

-- prepare: create the watermarks table
create table if not exists `_fft`.`watermarks` (relation string, version bigint, model string, column_name string, value string, run_id string, action string, recorded_at string) using delta;

-- prepare: create the dead_letters table
create table if not exists `_fft`.`dead_letters` (relation string, model string, run_id string, event_json string, reason string, noted_at string) using delta;

-- model.lab.m: create incremental cdc, first run: every row of the full SELECT
-- stage: stage the delta, counts staged
create or replace table `lab`.`__fft_stage_0123abcd_0` using delta tblproperties ('delta.columnMapping.mode' = 'name') as select * from (
select id, v, t from `raw`.`src`
) as delta;

-- chooses: see whether events cannot be read
select case when exists (select 1 from `lab`.`__fft_stage_0123abcd_0` as delta where (case when delta.`v` is null then 'no operation: v is NULL' when lower(trim(cast(delta.`v` as string))) not in ('c', 'u', 'd', 'r', 'i') then concat('unknown operation: ', cast(delta.`v` as string)) when delta.`t` is null then 'no sequence: t is NULL' end) is not null) then 'true' else 'false' end;

-- when 'true'
-- record: write bad events down
insert into `_fft`.`dead_letters` (relation, model, run_id, event_json, reason, noted_at)
select 'lab.m__cdc', 'm', 'run-1', found.event_json, found.reason, '2024-02-03T04:05:06.000Z' from (select to_json(named_struct('id', delta.`id`, 'v', delta.`v`, 't', delta.`t`), map('ignoreNullFields', 'false')) as event_json, case when delta.`v` is null then 'no operation: v is NULL' when lower(trim(cast(delta.`v` as string))) not in ('c', 'u', 'd', 'r', 'i') then concat('unknown operation: ', cast(delta.`v` as string)) when delta.`t` is null then 'no sequence: t is NULL' end as reason from `lab`.`__fft_stage_0123abcd_0` as delta where (case when delta.`v` is null then 'no operation: v is NULL' when lower(trim(cast(delta.`v` as string))) not in ('c', 'u', 'd', 'r', 'i') then concat('unknown operation: ', cast(delta.`v` as string)) when delta.`t` is null then 'no sequence: t is NULL' end) is not null) as found where not exists (select 1 from `_fft`.`dead_letters` as noted where noted.relation = 'lab.m__cdc' and noted.reason = found.reason and noted.event_json = found.event_json);

-- check: leave bad events out, counts dropped
select count(*) as num_affected_rows from `lab`.`__fft_stage_0123abcd_0` as delta where (case when delta.`v` is null then 'no operation: v is NULL' when lower(trim(cast(delta.`v` as string))) not in ('c', 'u', 'd', 'r', 'i') then concat('unknown operation: ', cast(delta.`v` as string)) when delta.`t` is null then 'no sequence: t is NULL' end) is not null;
create or replace table `lab`.`__fft_stage_0123abcd_0` using delta tblproperties ('delta.columnMapping.mode' = 'name') as select delta.* from `lab`.`__fft_stage_0123abcd_0` as delta where not coalesce(((case when delta.`v` is null then 'no operation: v is NULL' when lower(trim(cast(delta.`v` as string))) not in ('c', 'u', 'd', 'r', 'i') then concat('unknown operation: ', cast(delta.`v` as string)) when delta.`t` is null then 'no sequence: t is NULL' end) is not null), false);

-- end of 'true'

-- chooses: check the key id
select case when count_if(`id` is null) > 0 then 'null_keys' when count(*) > count(distinct struct(`id`)) then 'duplicates' else 'unique' end from `lab`.`__fft_stage_0123abcd_0`;

-- when 'null_keys'
-- expects no rows, else null-key: show rows without a key
select * from `lab`.`__fft_stage_0123abcd_0` where `id` is null limit 5;

-- end of 'null_keys'

-- when 'duplicates'
-- chooses: see whether events came twice
select case when count(*) > count(distinct struct(`id`, `t`, case when lower(trim(cast(`v` as string))) = 'r' then 0 else 1 end)) then 'duplicates' else 'unique' end from `lab`.`__fft_stage_0123abcd_0`;

-- when 'duplicates'
-- check: collapse equal rows, counts duplicates
select count(*) - count(distinct struct(`id`, `v`, `t`)) as num_affected_rows from `lab`.`__fft_stage_0123abcd_0`;
create or replace table `lab`.`__fft_stage_0123abcd_0` using delta tblproperties ('delta.columnMapping.mode' = 'name') as select * except (`__fft_number`) from (select *, row_number() over (partition by `id`, `v`, `t` order by `id`, `v`, `t`) as `__fft_number` from `lab`.`__fft_stage_0123abcd_0`) where `__fft_number` = 1;

-- chooses: see whether events contradict others
select case when exists (select 1 from `lab`.`__fft_stage_0123abcd_0` as delta where exists (select 1 from (select `id`, `t`, __fft_kind from (select `id`, `t`, case when lower(trim(cast(delta.`v` as string))) = 'r' then 0 else 1 end as __fft_kind from `lab`.`__fft_stage_0123abcd_0` as delta) as events group by `id`, `t`, __fft_kind having count(*) > 1) as target where delta.`id` = target.`id` and delta.`t` = target.`t` and case when lower(trim(cast(delta.`v` as string))) = 'r' then 0 else 1 end = target.__fft_kind)) then 'true' else 'false' end;

-- when 'true'
-- record: write bad events down
insert into `_fft`.`dead_letters` (relation, model, run_id, event_json, reason, noted_at)
select 'lab.m__cdc', 'm', 'run-1', found.event_json, found.reason, '2024-02-03T04:05:06.000Z' from (select to_json(named_struct('id', delta.`id`, 'v', delta.`v`, 't', delta.`t`), map('ignoreNullFields', 'false')) as event_json, 'another event of the key has the same sequence and says something else' as reason from `lab`.`__fft_stage_0123abcd_0` as delta where exists (select 1 from (select `id`, `t`, __fft_kind from (select `id`, `t`, case when lower(trim(cast(delta.`v` as string))) = 'r' then 0 else 1 end as __fft_kind from `lab`.`__fft_stage_0123abcd_0` as delta) as events group by `id`, `t`, __fft_kind having count(*) > 1) as target where delta.`id` = target.`id` and delta.`t` = target.`t` and case when lower(trim(cast(delta.`v` as string))) = 'r' then 0 else 1 end = target.__fft_kind)) as found where not exists (select 1 from `_fft`.`dead_letters` as noted where noted.relation = 'lab.m__cdc' and noted.reason = found.reason and noted.event_json = found.event_json);

-- check: leave bad events out, counts dropped
select count(*) as num_affected_rows from `lab`.`__fft_stage_0123abcd_0` as delta where exists (select 1 from (select `id`, `t`, __fft_kind from (select `id`, `t`, case when lower(trim(cast(delta.`v` as string))) = 'r' then 0 else 1 end as __fft_kind from `lab`.`__fft_stage_0123abcd_0` as delta) as events group by `id`, `t`, __fft_kind having count(*) > 1) as target where delta.`id` = target.`id` and delta.`t` = target.`t` and case when lower(trim(cast(delta.`v` as string))) = 'r' then 0 else 1 end = target.__fft_kind);
create or replace table `lab`.`__fft_stage_0123abcd_0` using delta tblproperties ('delta.columnMapping.mode' = 'name') as select delta.* from `lab`.`__fft_stage_0123abcd_0` as delta where not coalesce((exists (select 1 from (select `id`, `t`, __fft_kind from (select `id`, `t`, case when lower(trim(cast(delta.`v` as string))) = 'r' then 0 else 1 end as __fft_kind from `lab`.`__fft_stage_0123abcd_0` as delta) as events group by `id`, `t`, __fft_kind having count(*) > 1) as target where delta.`id` = target.`id` and delta.`t` = target.`t` and case when lower(trim(cast(delta.`v` as string))) = 'r' then 0 else 1 end = target.__fft_kind)), false);

-- end of 'true'

-- end of 'duplicates'

-- end of 'duplicates'

set `spark.databricks.delta.commitInfo.userMetadata`=`{"fft":1,"run":"run-1","model":"m","action":"forget","at":"2024-02-03T04:05:06.000Z","watermarks":{}}`;
-- stage: build the table aside, counts written
create or replace table `lab`.`__fft_aside_0123abcd_0` using delta tblproperties ('delta.columnMapping.mode' = 'name') as select * from (
select delta.`id`, delta.`t` as `_fft_seq`, case when lower(trim(cast(delta.`v` as string))) = 'i' then 'c' else lower(trim(cast(delta.`v` as string))) end as `_fft_op`, lower(trim(cast(delta.`v` as string))) = 'd' as `_fft_deleted` from (select delta.*, row_number() over (partition by delta.`id` order by case when lower(trim(cast(delta.`v` as string))) = 'r' then 0 else 1 end desc, delta.`t` desc) as __fft_place from `lab`.`__fft_stage_0123abcd_0` as delta) as delta where __fft_place = 1
) as built;

-- clean: drop the staged delta
drop table if exists `lab`.`__fft_stage_0123abcd_0`;

-- publish: put it in place
create or replace table `lab`.`m__cdc` using delta as select * from `lab`.`__fft_aside_0123abcd_0`;

-- publish: create the view
create or replace view `lab`.`m` as (
select `id` from `lab`.`m__cdc` as target where not `_fft_deleted`
);

reset spark.databricks.delta.commitInfo.userMetadata;

-- clean: drop table __fft_aside_0123abcd_0
drop table if exists `lab`.`__fft_aside_0123abcd_0`;
