#pragma once

#include <clairgate/io/process.hpp>

#include <boost/process/v2/process.hpp>

/// Inside of io/process: fork and exec. Nobody but process.cpp includes this.
namespace clairgate::io {

namespace process_v2 = boost::process::v2;

/// A descriptor that closes itself.
class OwnedDescriptor {
  public:
    explicit OwnedDescriptor(int number = -1) : number_(number) {}
    OwnedDescriptor(OwnedDescriptor&& other) noexcept : number_(other.release()) {}
    OwnedDescriptor& operator=(OwnedDescriptor&& other) noexcept;
    ~OwnedDescriptor();
    int number() const { return number_; }
    int release();

  private:
    int number_;
};

/// A child that runs, and our ends of its outputs (none with a log file).
struct Launched {
    process_v2::process process;
    OwnedDescriptor output;
    OwnedDescriptor error_output;
};

/// Starts the command as `Command` describes, in a process group of its own. Kind tool when it
/// cannot be executed, file for its log file, usage for a command that makes no sense.
Result<Launched> launch(Executor executor, Command const& command);

} // namespace clairgate::io
