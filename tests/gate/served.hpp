#pragma once

#include <boost/asio/executor_work_guard.hpp>

#include <support/test_world.hpp>
#include <thread>

namespace clairgate::test {

/// The servers of a world, run by a thread of their own while the whole program runs in this one.
/// Nobody else touches them for as long as this lives.
class Served {
  public:
    explicit Served(TestWorld& world) : context_(world.context), work_(context_.get_executor()) {
        context_.restart();
        thread_ = std::thread([this] { context_.run(); });
    }
    ~Served() {
        context_.stop();
        thread_.join();
    }
    Served(Served const&) = delete;
    Served& operator=(Served const&) = delete;

  private:
    boost::asio::io_context& context_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    std::thread thread_;
};

} // namespace clairgate::test
