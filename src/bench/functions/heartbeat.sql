select * from public.progress_vantage_sync('r' || :client_id);
