/// A user's program, to see the library as users do.
module io.selectors4j.moduletest {
    requires io.selectors4j;
}
