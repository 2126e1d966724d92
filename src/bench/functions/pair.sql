select * from public.start_vantage_sync('r' || :client_id);
select * from public.complete_vantage_sync('r' || :client_id, 100, 10, 90);
