#include <clairgate/io/race.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/multiple_exceptions.hpp>
#include <boost/system/system_error.hpp>

namespace clairgate::io {

Error error_from(std::exception_ptr const& thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (boost::system::system_error const& e) {
        if (e.code() == boost::asio::error::operation_aborted)
            return Error(ErrorKind::cancelled, "cancelled");
        return Error(ErrorKind::protocol, cat("internal error: ", e.what()));
    } catch (boost::asio::multiple_exceptions const& e) {
        return error_from(e.first_exception());
    } catch (std::exception const& e) {
        return Error(ErrorKind::protocol, cat("internal error: ", e.what()));
    } catch (...) {
        return Error(ErrorKind::protocol, "internal error: an exception of unknown type");
    }
}

} // namespace clairgate::io
