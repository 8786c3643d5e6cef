-- model.lab.m: replace view, it is a table now
begin;

-- publish: drop table m
drop table if exists `lab`.`m`;

-- publish: create the view
create or replace view `lab`.`m` as (
select id, v, t from `raw`.`src`
);

commit;
