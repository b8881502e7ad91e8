# Sourced by .ci/run: installs what the tests need of Debian's packages and starts Redis and PostgreSQL on free ports of the loopback address,
# with their data in a temporary folder. Tests find them by LIFERAFT_TEST_REDIS and LIFERAFT_TEST_POSTGRES; a variable that is set already is
# believed, and its service is not started. start_services and stop_services are the two to call.

services_folder=""
service_pids=()

install_packages() {
  local missing=()
  command -v redis-server >/dev/null || missing+=(redis-server)
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
  command -v chromium >/dev/null || missing+=(chromium fonts-dejavu-core)
  if [ ${#missing[@]} -eq 0 ]; then return 0; fi

  echo "Installing ${missing[*]}."
  local root=() log="$services_folder/apt.log"
  [ "$(id -u)" -eq 0 ] || root=(sudo -n)
  if ! { "${root[@]}" apt-get update && "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log"
    echo "Installing ${missing[*]} failed; the tests that need them will fail and say so."
    return 1
  fi
}

# Prometheus' checker of rules, and of its package this one file: installed, the package would start a server.
fetch_promtool() {
  if command -v promtool >/dev/null; then return 0; fi
  local log="$services_folder/promtool.log"
  if ! (
    cd "$services_folder"
    apt-get download prometheus || { apt-get update && apt-get download prometheus; }
    dpkg-deb --extract prometheus_*.deb prometheus && rm prometheus_*.deb
  ) >"$log" 2>&1; then
    tail -n 20 "$log"
    echo "Fetching promtool failed; the tests that need it will fail and say so."
    return 1
  fi
  export LIFERAFT_TEST_PROMTOOL="$services_folder/prometheus/usr/bin/promtool"
}

free_port() {
  local port
  while port=$((20000 + RANDOM % 10000)); (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
  echo "$port"
}

# wait_for NAME LOG COMMAND...: until the command succeeds, for at most half a minute.
wait_for() {
  local name=$1 log=$2 deadline=$((SECONDS + 30))
  shift 2
  until "$@" >/dev/null 2>&1; do
    if [ $SECONDS -ge $deadline ]; then
      tail -n 20 "$log"
      echo "$name did not start within 30 s."
      return 1
    fi
    sleep 0.2
  done
}

start_redis() {
  local port log="$services_folder/redis.log"
  port=$(free_port)
  redis-server --bind 127.0.0.1 --port "$port" --save '' --appendonly no --dir "$services_folder" >"$log" 2>&1 &
  service_pids+=($!)
  wait_for Redis "$log" redis-cli -h 127.0.0.1 -p "$port" ping && export LIFERAFT_TEST_REDIS="127.0.0.1:$port"
}

start_postgres() {
  local port bin user=() log="$services_folder/postgres.log" data="$services_folder/postgres"
  bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
  port=$(free_port)
  mkdir "$data"
  if [ "$(id -u)" -eq 0 ]; then
    # PostgreSQL refuses to run as root. setpriv becomes it, so that the process below is PostgreSQL itself.
    chmod 755 "$services_folder"
    chown postgres "$data"
    user=(setpriv --reuid=postgres --regid=postgres --init-groups)
  fi

  # Its data is gone with this run: no sync is needed.
  "${user[@]}" "$bin/initdb" -D "$data" -U postgres -A trust -E UTF8 --no-sync >"$log" 2>&1 || { tail -n 20 "$log"; return 1; }
  "${user[@]}" "$bin/postgres" -D "$data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off >>"$log" 2>&1 &
  service_pids+=($!)
  wait_for PostgreSQL "$log" "$bin/pg_isready" -h 127.0.0.1 -p "$port" -U postgres && export LIFERAFT_TEST_POSTGRES="Host=127.0.0.1;Port=$port;Username=postgres"
}

start_services() {
  services_folder=$(mktemp -d)
  local failed=0
  install_packages || failed=1
  [ -n "${LIFERAFT_TEST_PROMTOOL:-}" ] || fetch_promtool || failed=1
  [ -n "${LIFERAFT_TEST_REDIS:-}" ] || start_redis || failed=1
  [ -n "${LIFERAFT_TEST_POSTGRES:-}" ] || start_postgres || failed=1
  return $failed
}

stop_services() {
  local pid
  for pid in "${service_pids[@]}"; do
    kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
  done
  [ -z "$services_folder" ] || rm -rf "$services_folder"
}
