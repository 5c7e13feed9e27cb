package main

// People's times are read in their own zones, and the image holds no zone files.
import _ "time/tzdata"
