package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/seed-2026d078/roster/scheme"
)

type schemeValidateCmd struct {
	Files []string `arg:"" name:"file" help:"The files."`
}

// Help is printed with the command's flags.
func (schemeValidateCmd) Help() string {
	return `Each line names the file, the line in it, the setting, and what is wrong with it. The
exit code is 1 where there is one.

    roster scheme validate schemes/*.yaml`
}

// Run prints what is wrong.
func (c *schemeValidateCmd) Run(sh *shell) error {
	builtIn, err := scheme.BuiltIn()
	if err != nil {
		return err
	}
	var found []scheme.Problem
	for _, name := range c.Files {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		_, err = builtIn.Parse(name, text)
		broken, ok := errors.AsType[*scheme.Error](err)
		switch {
		case ok:
			found = append(found, broken.Problems...)
		case err != nil:
			return err
		}
	}
	if err := sh.printProblems(found); err != nil {
		return err
	}
	if len(found) > 0 {
		return errNo
	}
	return nil
}

func (sh *shell) printProblems(found []scheme.Problem) error {
	if sh.Output == "json" {
		rows := make([]row, len(found))
		for i, p := range found {
			rows[i] = row{"file": p.File, "line": p.Line, "where": p.Where, "detail": p.Detail}
		}
		return printJSON(sh.out, rows)
	}
	for _, p := range found {
		fmt.Fprintln(sh.out, printable(p.String()))
	}
	if len(found) == 0 {
		fmt.Fprintln(sh.out, "Nothing is wrong.")
	}
	return nil
}
