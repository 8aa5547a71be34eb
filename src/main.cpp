// The program: everything is in app::run.
#include "app/options.hpp"

int main(int argc, char** argv) { return ipc_advisor::app::run(argc, argv); }
