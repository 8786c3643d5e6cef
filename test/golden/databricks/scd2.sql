-- model.lab.m: apply incremental scd2, the whole SELECT is the delta (right, but it reads everything)
-- stage: stage the delta, counts staged
create or replace table `lab`.`__fft_stage_0123abcd_0` using delta tblproperties ('delta.columnMapping.mode' = 'name') as select * from (
select id, v, t from `raw`.`src`
) as delta;

-- expects no rows, else null-updated-at: see that no row lacks t
select * from `lab`.`__fft_stage_0123abcd_0` as delta where not coalesce((delta.`t` is not null), false) limit 5;

-- chooses: check the key id
select case when count_if(`id` is null) > 0 then 'null_keys' when count(*) > count(distinct struct(`id`, `t`)) then 'duplicates' else 'unique' end from `lab`.`__fft_stage_0123abcd_0`;

-- when 'null_keys'
-- expects no rows, else null-key: show rows without a key
select * from `lab`.`__fft_stage_0123abcd_0` where `id` is null limit 5;

-- end of 'null_keys'

-- when 'duplicates'
-- check: collapse equal rows, counts duplicates
select count(*) - count(distinct struct(`id`, `v`, `t`)) as num_affected_rows from `lab`.`__fft_stage_0123abcd_0`;
create or replace table `lab`.`__fft_stage_0123abcd_0` using delta tblproperties ('delta.columnMapping.mode' = 'name') as select * except (`__fft_number`) from (select *, row_number() over (partition by `id`, `v`, `t` order by `id`, `v`, `t`) as `__fft_number` from `lab`.`__fft_stage_0123abcd_0`) where `__fft_number` = 1;

-- expects no rows, else duplicate-key: show keys without a newest row
select * except (`__fft_number`) from (select *, count(*) over (partition by `id`, `t`) as `__fft_number` from (select * except (`__fft_rank`) from (select *, rank() over (partition by `id`, `t` order by `t` desc nulls last) as `__fft_rank` from `lab`.`__fft_stage_0123abcd_0`) where `__fft_rank` = 1)) where `__fft_number` > 1 order by `id` limit 10;

-- check: keep the newest row a key by t, counts duplicates
select count(*) - count(distinct struct(`id`, `t`)) as num_affected_rows from `lab`.`__fft_stage_0123abcd_0`;
create or replace table `lab`.`__fft_stage_0123abcd_0` using delta tblproperties ('delta.columnMapping.mode' = 'name') as select * except (`__fft_number`) from (select *, row_number() over (partition by `id`, `t` order by `t` desc nulls last) as `__fft_number` from `lab`.`__fft_stage_0123abcd_0`) where `__fft_number` = 1;

-- end of 'duplicates'

-- chooses: see whether rows are below the watermark of t
select case when exists (select 1 from `lab`.`__fft_stage_0123abcd_0` as delta where delta.`t` < timestamp '2024-01-02 03:04:05.678901') then 'true' else 'false' end;

-- when 'true'
-- check: count late rows, counts late
select count(*) as num_affected_rows from `lab`.`__fft_stage_0123abcd_0` as delta where delta.`t` < timestamp '2024-01-02 03:04:05.678901' and not exists (select 1 from `lab`.`m` as target where ((delta.`id` <=> target.`id` and delta.`v` <=> target.`v` and delta.`t` <=> target.`t`)));

-- end of 'true'

-- asks: read the watermarks of the staged rows
select cast(greatest((select max(`t`) from `lab`.`__fft_stage_0123abcd_0`), timestamp '2024-01-02 03:04:05.678901') as string) as v0;

set `spark.databricks.delta.commitInfo.userMetadata`=`{"fft":1,"run":"run-1","model":"m","action":"run","at":"2024-02-03T04:05:06.000Z","watermarks":{"t":null}}`;
-- apply: update versions that end elsewhere, insert new ones, counts written
merge into `lab`.`m` as target using (with incoming as (
select delta.*, delta.`t` as __fft_time, delta.`t` as __fft_updated from `lab`.`__fft_stage_0123abcd_0` as delta
),
later as (
select incoming.* from incoming where not true
),
earlier as (
select incoming.* from (select * from incoming where true) as incoming left anti join `lab`.`m` as target on target.`id` = incoming.`id` and target.`valid_from` = incoming.__fft_time and target.`v` <=> incoming.`v` and target.`t` <=> incoming.`t`
),
fresh as (
select * from later union all select * from earlier
),
affected as (
select `id` from fresh
),
old as (
select target.* from `lab`.`m` as target left semi join affected on target.`id` = affected.`id`
),
events as (
select old.`id`, old.`v`, old.`t`, old.`valid_from` as __fft_time, old.`valid_from` as __fft_updated, false as __fft_deleted, 1 as __fft_kind, 'old' as __fft_origin, old.`valid_to` as __fft_ended from old left anti join earlier on old.`id` = earlier.`id` and earlier.__fft_time = old.`valid_from`
union all
select earlier.`id`, earlier.`v`, earlier.`t`, earlier.__fft_time, earlier.__fft_updated, false as __fft_deleted, 1 as __fft_kind, case when old.`valid_from` is null then 'new' else 'replaced' end as __fft_origin, null as __fft_ended from earlier left join old on old.`id` = earlier.`id` and old.`valid_from` = earlier.__fft_time
union all
select later.`id`, later.`v`, later.`t`, later.__fft_time, later.__fft_updated, false as __fft_deleted, 1 as __fft_kind, 'new' as __fft_origin, null as __fft_ended from later
union all
select old.`id`, old.`v`, old.`t`, old.`valid_to`, old.`valid_to`, false, 0, 'mark' as __fft_origin, null as __fft_ended from (select * from old where `valid_to` is not null) as old left anti join old as later on old.`id` = later.`id` and later.`valid_from` = old.`valid_to`
),
ordered as (
select *, lead(__fft_time) over (partition by `id` order by __fft_time, __fft_kind) as __fft_next from events
),
versions as (
select `id`, `v`, `t`, __fft_time as `valid_from`, __fft_next as `valid_to`, __fft_next is null as `is_current`, __fft_origin, __fft_ended from ordered where __fft_kind = 1
)
select `id`, `v`, `t`, `valid_from`, `valid_to`, `is_current`, case when __fft_origin = 'new' then 'insert' else 'update' end as __fft_action from versions where __fft_origin <> 'old' or not (`valid_to` <=> __fft_ended)) as delta on target.`id` = delta.`id` and target.`valid_from` = delta.`valid_from`
when matched then update set target.`id` = delta.`id`, target.`v` = delta.`v`, target.`t` = delta.`t`, target.`valid_from` = delta.`valid_from`, target.`valid_to` = delta.`valid_to`, target.`is_current` = delta.`is_current`
when not matched then insert (`id`, `v`, `t`, `valid_from`, `valid_to`, `is_current`) values (delta.`id`, delta.`v`, delta.`t`, delta.`valid_from`, delta.`valid_to`, delta.`is_current`);

reset spark.databricks.delta.commitInfo.userMetadata;

-- record_later: [{"column":"t","value":{"kind":"text","text":null}}]

-- clean: drop the staged delta
drop table if exists `lab`.`__fft_stage_0123abcd_0`;
