-- model.lab.m: replace table, tables are built anew
begin;

-- stage: build the table aside, counts staged
create table "lab"."__fft_aside_0123abcd_0" as select * from (
select id, v, t from "raw"."src"
) as built;

-- publish: replace the rows
delete from "lab"."m";
insert into "lab"."m" ("id", "v", "t") select "id", "v", "t" from "lab"."__fft_aside_0123abcd_0";
drop table "lab"."__fft_aside_0123abcd_0";

commit;
