-- before all
-- prepare: create schema _fft
create schema if not exists `_fft`;

-- prepare: create the watermarks table
create table if not exists `_fft`.`watermarks` (relation string, version bigint, model string, column_name string, value string, run_id string, action string, recorded_at string) using delta;

-- snapshot.lab.m: apply snapshot check, the whole SELECT is the delta (right, but it reads everything)
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
-- check: collapse equal rows, counts duplicates
select count(*) - count(distinct struct(`id`, `v`, `t`)) as num_affected_rows from `lab`.`__fft_stage_0123abcd_0`;
create or replace table `lab`.`__fft_stage_0123abcd_0` using delta tblproperties ('delta.columnMapping.mode' = 'name') as select * except (`__fft_number`) from (select *, row_number() over (partition by `id`, `v`, `t` order by `id`, `v`, `t`) as `__fft_number` from `lab`.`__fft_stage_0123abcd_0`) where `__fft_number` = 1;

-- expects no rows, else duplicate-key: show duplicate keys
select * except (`__fft_number`) from (select *, count(*) over (partition by `id`) as `__fft_number` from `lab`.`__fft_stage_0123abcd_0`) where `__fft_number` > 1 order by `id` limit 10;

-- end of 'duplicates'

-- schema: add column is_deleted
alter table `lab`.`m` add columns (`is_deleted` boolean);

set `spark.databricks.delta.commitInfo.userMetadata`=`{"fft":1,"run":"run-1","model":"m","action":"run","at":"2024-02-03T04:05:06.000Z","watermarks":{}}`;
-- apply: update versions that end elsewhere, insert new ones, counts written
merge into `lab`.`m` as target using (with incoming as (
select delta.*, timestamp '2024-02-03 04:05:06' as __fft_time, timestamp '2024-02-03 04:05:06' as __fft_updated from `lab`.`__fft_stage_0123abcd_0` as delta
),
fresh as (
select incoming.* from incoming left anti join `lab`.`m` as target on target.`id` = incoming.`id` and target.`valid_from` <= incoming.__fft_time and (target.`valid_to` is null or target.`valid_to` > incoming.__fft_time) and target.`v` <=> incoming.`v` and not target.`is_deleted`
),
living as (
select target.* from `lab`.`m` as target where `valid_to` is null and not target.`is_deleted`
),
closing as (
select living.* from (select * from living where `valid_from` < timestamp '2024-02-03 04:05:06') as living left anti join incoming on living.`id` = incoming.`id`
),
came_back as (
select fresh.* from fresh left anti join `lab`.`m` as target on target.`id` = fresh.`id` and coalesce(target.`valid_to`, target.`valid_from`) > fresh.__fft_time
),
ended as (
select incoming.* from incoming left semi join `lab`.`m` as target on target.`id` = incoming.`id`
),
lost as (
select incoming.* from ended as incoming left anti join living on living.`id` = incoming.`id`
),
unsaid as (
select incoming.* from lost as incoming left anti join came_back on came_back.`id` = incoming.`id`
),
revived as (
select incoming.* from unsaid as incoming left anti join unsaid as newer on newer.`id` = incoming.`id` and newer.__fft_time > incoming.__fft_time
),
affected as (
select `id` from fresh union select `id` from closing union select `id` from revived
),
old as (
select target.* from `lab`.`m` as target left semi join affected on target.`id` = affected.`id`
),
events as (
select old.`id`, old.`v`, old.`t`, old.`valid_from` as __fft_time, old.`valid_from` as __fft_updated, old.`is_deleted` as __fft_deleted, 1 as __fft_kind from old left anti join fresh on old.`id` = fresh.`id` and fresh.__fft_time = old.`valid_from`
union all
select fresh.`id`, fresh.`v`, fresh.`t`, fresh.__fft_time, fresh.__fft_updated, false as __fft_deleted, 1 as __fft_kind from fresh
union all
select old.`id`, old.`v`, old.`t`, old.`valid_to`, old.`valid_to`, false, 0 from (select * from old where `valid_to` is not null) as old left anti join old as later on old.`id` = later.`id` and later.`valid_from` = old.`valid_to`
union all
select closing.`id`, closing.`v`, closing.`t`, timestamp '2024-02-03 04:05:06', timestamp '2024-02-03 04:05:06', true, 1 from closing
union all
select revived.`id`, revived.`v`, revived.`t`, timestamp '2024-02-03 04:05:06', revived.__fft_updated, false, 1 from revived
),
compared_events as (
select *, case when __fft_kind = 1 and not __fft_deleted and lag(__fft_kind) over (partition by `id` order by __fft_time, __fft_kind) = 1 and not lag(__fft_deleted) over (partition by `id` order by __fft_time, __fft_kind) and lag(`v`) over (partition by `id` order by __fft_time, __fft_kind) <=> `v` then 1 else 0 end as __fft_same from events
),
ordered as (
select *, lead(__fft_time) over (partition by `id` order by __fft_time, __fft_kind) as __fft_next from compared_events where __fft_same = 0
),
versions as (
select `id`, `v`, `t`, __fft_time as `valid_from`, __fft_next as `valid_to`, __fft_next is null as `is_current`, __fft_deleted as `is_deleted` from ordered where __fft_kind = 1
)
select versions.*, case when old.`valid_from` is null then 'insert' else 'update' end as __fft_action from versions left join old on versions.`id` = old.`id` and old.`valid_from` = versions.`valid_from` where old.`valid_from` is null or not (old.`v` <=> versions.`v` and old.`t` <=> versions.`t` and old.`valid_to` <=> versions.`valid_to` and old.`is_current` <=> versions.`is_current` and old.`is_deleted` <=> versions.`is_deleted`)
union all
select old.`id`, old.`v`, old.`t`, old.`valid_from`, old.`valid_to`, old.`is_current`, old.`is_deleted`, 'delete' as __fft_action from old left anti join versions on versions.`id` = old.`id` and old.`valid_from` = versions.`valid_from`) as delta on target.`id` = delta.`id` and target.`valid_from` = delta.`valid_from`
when matched and delta.__fft_action = 'delete' then delete
when matched then update set target.`id` = delta.`id`, target.`v` = delta.`v`, target.`t` = delta.`t`, target.`valid_from` = delta.`valid_from`, target.`valid_to` = delta.`valid_to`, target.`is_current` = delta.`is_current`, target.`is_deleted` = delta.`is_deleted`
when not matched then insert (`id`, `v`, `t`, `valid_from`, `valid_to`, `is_current`, `is_deleted`) values (delta.`id`, delta.`v`, delta.`t`, delta.`valid_from`, delta.`valid_to`, delta.`is_current`, delta.`is_deleted`);

-- publish: create the view
create or replace view `lab`.`m__current` as (
select `id`, `v`, `t`, `valid_from`, `valid_to`, `is_current`, `is_deleted` from `lab`.`m` where `valid_to` is null and not `is_deleted`
);

-- publish: create the view
create or replace view `lab`.`m__history` as (
select `id`, `v`, `t`, `valid_from`, __fft_end as `valid_to`, __fft_end is null as `is_current`, `is_deleted` from (select *, last_value(`valid_to`) over (partition by `id`, __fft_group order by `valid_from` rows between unbounded preceding and unbounded following) as __fft_end from (select *, sum(__fft_first) over (partition by `id` order by `valid_from` rows unbounded preceding) as __fft_group from (select *, case when lag(`valid_to`) over (partition by `id` order by `valid_from`) = `valid_from` and lag(`v`) over (partition by `id` order by `valid_from`) <=> `v` and lag(`t`) over (partition by `id` order by `valid_from`) <=> `t` and lag(`is_deleted`) over (partition by `id` order by `valid_from`) <=> `is_deleted` then 0 else 1 end as __fft_first from `lab`.`m`) as marked) as grouped) as ended where __fft_first = 1
);

reset spark.databricks.delta.commitInfo.userMetadata;

-- clean: drop the staged delta
drop table if exists `lab`.`__fft_stage_0123abcd_0`;
