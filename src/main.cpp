#include <clairgate/gate/commands.hpp>
#include <clairgate/gate/process_start.hpp>

#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
    int status = static_cast<int>(clairgate::gate::ExitStatus::undecided);
    try {
        clairgate::gate::ProcessStart const process(argc, argv);
        status = clairgate::gate::execute(process.arguments(),
                                          process.environment(),
                                          process.streams(),
                                          process.self(),
                                          process.started());
    } catch (std::exception const& e) {
        std::fprintf(stderr, "clairgate: internal error: %s\n", e.what());
    } catch (...) {
        std::fputs("clairgate: internal error\n", stderr);
    }
    return status;
}
