package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"modernc.org/sqlite"
)

// file is the open file of a journal. It is the writer's alone.
type file struct {
	*conn
	path string
	info os.FileInfo // of the file that is open, wherever path leads by now
	log  os.FileInfo // of its write-ahead log
	wal  *os.File    // the same, to be synced

	unsynced bool // a sync failed, so that the machine may have forgotten what is in the log
}

// openFile opens the file and takes the lock on it, or says why not. check has its pages looked at.
func openFile(path string, check bool) (*file, error) {
	if err := orphanedLog(path); err != nil {
		return nil, err
	}
	before, err := create(path)
	if err != nil {
		return nil, err
	}
	c, err := openConn(path)
	if err != nil {
		return nil, err
	}
	f := &file{conn: c, path: path}
	if err := f.prepare(before, check); err != nil {
		return f, err
	}
	return f, nil
}

// create makes an empty file unless there is one: what people said is in it, so it is for its owner alone.
func create(path string) (os.FileInfo, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err == nil {
		err = f.Close()
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return os.Stat(path)
}

// smallestFile is the size of the smallest page. What is shorter SQLite takes for an empty file, and writes over it.
const smallestFile = 512

// prepare makes f ready to be written to, in an order in which nothing is written before it is known to be ours.
func (f *file) prepare(before os.FileInfo, check bool) error {
	if size := before.Size(); size > 0 && size < smallestFile {
		return errCorrupt
	}
	err := f.pragmas("busy_timeout = 0", "locking_mode = EXCLUSIVE", "temp_store = MEMORY", "cache_size = -8000")
	if err == nil {
		err = acquaint(f.conn, f.path)
	}
	if err == nil && check {
		err = f.check()
	}
	if err == nil {
		err = f.pragmas("journal_mode = WAL", "synchronous = FULL", "wal_autocheckpoint = 2000", "journal_size_limit = 67108864")
	}
	if err == nil {
		err = f.transact(func() error { return nil }) // takes the lock, if nothing has yet
	}
	if err == nil {
		err = migrate(f.conn)
	}
	if err == nil {
		err = f.identify(before)
	}
	if err == nil {
		err = f.openLog()
	}
	return err
}

func (f *file) pragmas(list ...string) error {
	for _, p := range list {
		if _, err := f.word("PRAGMA " + p); err != nil {
			return err
		}
	}
	return nil
}

// errCorrupt is what a check of the pages found.
var errCorrupt = errors.New("it is damaged")

func (f *file) check() error {
	found, err := f.word("PRAGMA quick_check(1)")
	if err == nil && found != "ok" {
		return errCorrupt
	}
	return err
}

// errMoved is why a file is given up that works: its path leads to another one, or nowhere.
var errMoved = errors.New("it was deleted or replaced")

// identify notes which file is open.
func (f *file) identify(before os.FileInfo) (err error) {
	if f.info, err = os.Stat(f.path); err != nil {
		return err
	}
	if !os.SameFile(before, f.info) {
		return errMoved
	}
	f.log, err = os.Stat(f.path + "-wal")
	return err
}

// moved says whether the path leads elsewhere than to the open file.
func (f *file) moved() error {
	if now, err := os.Stat(f.path); err != nil || !os.SameFile(now, f.info) {
		return errMoved
	}
	return nil
}

// abandon closes the connection of a file that moved. Its log is set aside if it still lies there: SQLite would take it
// for that of whatever lies at the path now.
func (f *file) abandon(now time.Time) error {
	defer func() { _ = f.close() }()
	if log, err := os.Stat(f.path + "-wal"); err == nil && f.log != nil && os.SameFile(log, f.log) {
		return os.Rename(f.path+"-wal", aside(f.path, "orphan", now)+"-wal")
	}
	return nil
}

// orphanedLog sets a log aside that has no file: SQLite would delete it.
func orphanedLog(path string) error {
	if main, err := os.Stat(path); err == nil && main.Size() > 0 {
		return nil
	}
	if log, err := os.Stat(path + "-wal"); err != nil || log.Size() == 0 {
		return nil
	}
	return os.Rename(path+"-wal", aside(path, "orphan", time.Now())+"-wal")
}

// setAside renames a damaged file with its log, and gives its new name. It does so before the connection is closed,
// because SQLite would still write to it then.
func setAside(path string, now time.Time) (string, error) {
	name := aside(path, "corrupt", now)
	for _, part := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.Rename(path+part, name+part); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return name, err
		}
	}
	return name, nil
}

// aside makes a name beside path that nothing has.
func aside(path, why string, now time.Time) string {
	base := path + "." + why + "-" + now.UTC().Format("20060102T150405Z")
	name := base
	for i := 2; occupied(name); i++ {
		name = fmt.Sprint(base, ".", i)
	}
	return name
}

func occupied(name string) bool {
	_, err := os.Lstat(name)
	_, errLog := os.Lstat(name + "-wal")
	return err == nil || errLog == nil
}

// Primary result codes of SQLite (https://www.sqlite.org/rescode.html).
const (
	codePerm     = 3
	codeBusy     = 5
	codeReadOnly = 8
	codeIO       = 10
	codeCorrupt  = 11
	codeFull     = 13
	codeCantOpen = 14
	codeNotDB    = 26
)

// code gives SQLite's primary result code of an error, 0 when it is not SQLite's.
func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

func corrupt(err error) bool {
	c := code(err)
	return c == codeCorrupt || c == codeNotDB || errors.Is(err, errCorrupt)
}

// noRoom says whether there is no room, by SQLite's word or, of a sync, by the machine's.
func noRoom(err error) bool { return code(err) == codeFull || errors.Is(err, syscall.ENOSPC) }

// sentence says what is wrong with a file, for the person who has to put it right.
func sentence(path string, err error) string {
	name := filepath.Base(path)
	if _, gone := os.Stat(filepath.Dir(path)); errors.Is(gone, fs.ErrNotExist) {
		return "the folder of " + name + " does not exist: make " + filepath.Dir(path)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return name + " is a folder: name a file in it"
	}
	switch {
	case errors.Is(err, fs.ErrPermission):
		return name + " may not be opened, or its folder not be written to"
	case noRoom(err):
		return "the disk of " + name + " is full"
	case errors.Is(err, syscall.EIO):
		return "the disk of " + name + " reports an error"
	case errors.Is(err, syscall.EROFS):
		return name + " may not be written to"
	}
	switch code(err) {
	case codeReadOnly:
		return name + " may not be written to"
	case codeCantOpen, codePerm:
		return name + " may not be opened, or its folder not be written to"
	case codeBusy:
		return "another process uses " + name
	case codeIO:
		return "the disk of " + name + " reports an error: " + err.Error()
	}
	return name + ": " + err.Error()
}
