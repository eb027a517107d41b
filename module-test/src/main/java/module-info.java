/// A program of a user of the library.
module io.selectors4j.moduletest {
    requires io.selectors4j;
}
