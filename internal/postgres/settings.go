package postgres

import (
	"maps"
	"slices"
)

const port = "5432" // names the socket; nothing listens on TCP

// settings returns the server parameters as command line arguments, sorted.
func settings(config Config) []string {
	all := map[string]string{
		"listen_addresses":        "",
		"log_error_verbosity":     "terse", // details and contexts repeat rows, and so texts about people
		"logging_collector":       "off",
		"log_destination":         "stderr",
		"port":                    port,
		"unix_socket_directories": ".", // the data directory, however it is reached
		"unix_socket_permissions": "0700",
		"max_wal_size":            "512MB", // what a start after a crash reads again
	}
	if config.Disposable {
		all["fsync"] = "off"
		all["full_page_writes"] = "off"
		all["synchronous_commit"] = "off"
	}
	maps.Copy(all, config.Settings)
	var args []string
	for _, key := range slices.Sorted(maps.Keys(all)) {
		args = append(args, "-c", key+"="+all[key])
	}
	return args
}
