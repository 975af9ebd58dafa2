-- Hai vai trò: chủ bảng (di trú) và chương trình (chạy thật).
--
--   psql -v ON_ERROR_STOP=1 -d nghitruong -f deploy/postgresql-roles.sql
--
-- Chạy sau mỗi lần `nghitruong migrate` (bằng vai trò chủ). Chương trình đọc và ghi được, nhưng
-- không sở hữu bảng: không gỡ được khóa chống sửa, không TRUNCATE, không đổi cấu trúc.
-- Đặt mật khẩu một lần:  ALTER ROLE nghitruong_app PASSWORD '...';

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'nghitruong_app') THEN
    CREATE ROLE nghitruong_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
  END IF;
END $$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM nghitruong_app;
GRANT USAGE ON SCHEMA public TO nghitruong_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO nghitruong_app;
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO nghitruong_app;

-- Bảng của những bản sau do cùng vai trò chủ tạo ra cũng được cấp như vậy.
ALTER DEFAULT PRIVILEGES IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO nghitruong_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
  GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO nghitruong_app;

-- Sổ các bước di trú chỉ chủ được ghi.
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM nghitruong_app;
