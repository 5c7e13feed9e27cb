package journal

import (
	"context"
	"errors"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

func openSQLite(context.Context, string, Options) (Journal, error) {
	return nil, errors.New("SQLite is not built in yet")
}
