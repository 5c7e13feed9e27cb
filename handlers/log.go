package handlers

import (
	"context"

	"github.com/rs/zerolog"
)

// logNotDone logs the failure of a part that the answer speaks of, as nothing else will.
func logNotDone(ctx context.Context, err error, what string) {
	zerolog.Ctx(ctx).Warn().Err(err).Str("part", what).Msg("part of a change not done")
}
