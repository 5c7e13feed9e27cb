// Package rules holds what the module promises about itself, as tests: which room may import which, what no file may
// contain, and that the files under deploy fit the code. There is nothing to import here. A rule that gets in the way
// is discussed and changed here, not stepped around.
package rules
